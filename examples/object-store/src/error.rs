//! `Error`: the failure of a call.

use std::{error, fmt, io};

/// Why a call failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no such bucket, object or upload.
    NotFound(String),
    /// There is one already.
    Conflict(String),
    /// The service could not be reached, or its answer could not be read.
    Http(reqwest::Error),
    /// The reader whose bytes should be written.
    Read(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound(what) => write!(f, "there is no {what}"),
            Error::Conflict(what) => write!(f, "there is a {what} already"),
            Error::Http(error) => error.fmt(f),
            Error::Read(error) => write!(f, "cannot read what should be written: {error}"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Error::NotFound(_) | Error::Conflict(_) => None,
            Error::Http(error) => error.source(),
            Error::Read(error) => error.source(),
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Error {
        Error::Http(error)
    }
}

impl From<io::Error> for Error {
    /// Readers of objects carry errors of this kind as they are.
    fn from(error: io::Error) -> Error {
        error.downcast().unwrap_or_else(Error::Read)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match &error {
            Error::NotFound(_) => io::ErrorKind::NotFound,
            Error::Conflict(_) => io::ErrorKind::AlreadyExists,
            Error::Http(_) | Error::Read(_) => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
