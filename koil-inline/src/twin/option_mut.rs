//! `OptionMut`: a borrowed `Option` of an original, as one of its twin.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{Twin, cast};

/// An `&mut Option<BlockingBody>`, for an original that returns `&mut Option<Body>`.
///
/// It dereferences to the option of the twin; what is put there is in the original when this value
/// is dropped:
///
/// ```
/// # use koil_inline::{OptionMut, Twin};
/// # fn set<B: Twin>(body: OptionMut<'_, B>, new: B) where B::Aio: Sized {
/// let mut body = body; // client.body_mut()
/// let old = body.take();
/// *body = old.or(Some(new));
/// # }
/// ```
///
/// An `Option` of a twin need not have the layout of an `Option` of its original, so this is no cast
/// as for `&mut Body`: the value is taken out, and put back on drop. With [`std::mem::forget`] the
/// original keeps `None`.
pub struct OptionMut<'a, W: Twin<Aio: Sized>> {
    original: &'a mut Option<W::Aio>,
    twin: Option<W>,
}

impl<'a, W: Twin<Aio: Sized>> OptionMut<'a, W> {
    pub(crate) fn new(original: &'a mut Option<W::Aio>) -> OptionMut<'a, W> {
        let twin = original.take().map(cast::into_twin);
        OptionMut { original, twin }
    }
}

impl<W: Twin<Aio: Sized>> Deref for OptionMut<'_, W> {
    type Target = Option<W>;

    fn deref(&self) -> &Option<W> {
        &self.twin
    }
}

impl<W: Twin<Aio: Sized>> DerefMut for OptionMut<'_, W> {
    fn deref_mut(&mut self) -> &mut Option<W> {
        &mut self.twin
    }
}

impl<W: Twin<Aio: Sized>> Drop for OptionMut<'_, W> {
    fn drop(&mut self) {
        *self.original = self.twin.take().map(cast::into_aio);
    }
}

impl<W: Twin<Aio: Sized> + fmt::Debug> fmt::Debug for OptionMut<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.twin.fmt(f)
    }
}

/// The option of a twin in the place of that of its original.
pub fn option_mut<W: Twin<Aio: Sized>>(original: &mut Option<W::Aio>) -> OptionMut<'_, W> {
    OptionMut::new(original)
}

/// The twin in a borrowed option.
pub fn option_ref<W: Twin<Aio: Sized>>(original: &Option<W::Aio>) -> Option<&W> {
    original.as_ref().map(cast::as_twin)
}
