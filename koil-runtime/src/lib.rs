//! The loop, the bridge and the lifecycle behind koil.
