//! Types of signatures: what each part of one is, and which parts have twins.

mod anonymous;
mod borrows;
mod parts;
mod pointers;
mod shape;
mod tokens;
mod twin_types;

pub(super) use self::{
    anonymous::{name_lifetimes, named_lifetimes},
    borrows::{borrowed, is_static, owned},
    parts::{applied, bare, ends_with, for_each_part, path_type, pointee, type_arguments},
    pointers::{TwinPointer, held, twin_pointer},
    shape::{IO, IoBound, Named, Shape, Traits, associated},
    tokens::{
        has_impl, has_self, is_path_separator, readable, readable_tokens, replace_self, replaced,
    },
    twin_types::{SelfKind, SelfType, TwinTypes, twin_ident},
};
