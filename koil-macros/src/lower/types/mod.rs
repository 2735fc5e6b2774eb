//! Types of signatures: what each part of one is, and which parts have twins.

pub(super) mod borrows;
pub(super) mod parts;
pub(super) mod pointers;
pub(super) mod shape;
pub(super) mod tokens;
pub(super) mod twin_types;
