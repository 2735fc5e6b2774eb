//! The attributes of koil, each one line into the pipeline.
