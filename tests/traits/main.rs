//! Do twins of traits, of graphs of handles and of readers and writers behave as if hand-written?

mod back_ends;
mod declarations;
mod supertraits;
