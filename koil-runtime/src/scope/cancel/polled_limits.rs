//! The limits of the call that this thread polls, as code in that poll can tell.

use super::call_timeout;
use super::current_cancel::{CallToken, innermost, polled};
use super::token::CancelToken;
use crate::scope::flags::{self, TOKEN};

/// True if a limit of the call that this thread polls, or of one around it, has been reached, as far as
/// this thread alone can tell. The call itself may obey fewer limits.
pub(crate) fn is_polled_call_over() -> bool {
    let is_cancelled = flags::any(TOKEN)
        && polled(|call| match call {
            CallToken::Alone => false,
            CallToken::Under(at) | CallToken::UnderTask(at) | CallToken::Made(at) => {
                at.is_cancelled()
            }
        });
    is_cancelled || call_timeout::is_over() || is_scope_around_over()
}

/// True if the scope around a polled call has been cancelled, or its deadline has passed.
fn is_scope_around_over() -> bool {
    let around = innermost(|scope| {
        let scope = scope.as_ref()?;
        Some((scope.due.clone(), scope.token.clone()))
    });
    around.is_some_and(|(due, token)| {
        // Outside of the borrow, since a cancel calls wakers.
        if let Some(due) = due {
            due.cancel_if_passed();
        }
        token.is_cancelled()
    })
}

/// True if the token of the call that this thread polls has been cancelled: in the time that its future
/// has to clean up, or by the future itself.
pub(crate) fn is_polled_call_cancelled() -> bool {
    flags::any(TOKEN) && polled(|call| call.made().is_some_and(CancelToken::is_cancelled))
}
