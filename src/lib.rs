//! Write async once, ship async and blocking.
