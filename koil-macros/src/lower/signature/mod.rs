//! Signatures of twins in both directions: names, docs, generics and parameters.

mod attributes;
mod docs;
mod expressions;
mod generics;
mod names;
mod params;
mod prose;
mod receivers;
mod trait_members;
mod views;

pub(super) use self::{
    attributes::{
        check_attrs, check_impl, check_macro, conditions_and_lints, feature_gate, read_helpers,
        unseen_members,
    },
    docs::{Direction, doc_lines, docs, link_twins},
    expressions::{Around, check_no_self, check_self_is_original, loop_choice, self_in},
    generics::{
        bounds_mut, bounds_of, check_conditional_generics, check_unconditional, is_param,
        turbofish, without_async_trait,
    },
    names::{Names, Naming, Owner, check_distinct, check_other_name, path_text},
    params::{Reference, check_no_helpers, params, receiver, self_reference},
    receivers::passed_receiver,
    trait_members::{TraitMembers, bounds_on_self, is_self, predicates},
    views::{on_view, view_ident, viewed_type},
};
