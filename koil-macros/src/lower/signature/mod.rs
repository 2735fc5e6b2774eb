//! Signatures of twins in both directions: names, docs, generics and parameters.

pub(super) mod attributes;
pub(super) mod docs;
pub(super) mod generics;
pub(super) mod names;
pub(super) mod params;
pub(super) mod trait_members;
