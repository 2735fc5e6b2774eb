//! Accounts in SQLite: blocking code, with an async side on a thread of its own.

use koil::{Yielder, threaded};
use rusqlite::{Connection, Error, OptionalExtension, params};

pub type Result<T> = std::result::Result<T, Error>;

/// The accounts of a bank.
///
/// A connection is not `Sync`, a transaction borrows it mutably, and so does a cursor: so one thread
/// has it, and async code has an [`AsyncBank`].
pub struct Bank {
    connection: Connection,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub balance: i64,
}

#[threaded(pinned)]
impl Bank {
    /// Opens a bank in memory.
    pub fn open() -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(
            "CREATE TABLE accounts (
                name TEXT PRIMARY KEY,
                balance INTEGER NOT NULL CHECK (balance >= 0)
            )",
        )?;
        Ok(Bank { connection })
    }

    /// Pays into an account, which is opened if there is none, and returns its balance.
    pub fn deposit(&self, name: &str, amount: i64) -> Result<i64> {
        self.connection.query_row(
            "INSERT INTO accounts VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET balance = balance + ?2
             RETURNING balance",
            params![name, amount],
            |row| row.get(0),
        )
    }

    /// The balance of an account.
    pub fn balance(&self, name: &str) -> Result<Option<i64>> {
        let query = "SELECT balance FROM accounts WHERE name = ?1";
        let balance = self.connection.query_row(query, [name], |row| row.get(0));
        balance.optional()
    }

    /// Moves an amount, or nothing: an error on the way rolls both changes back.
    pub fn transfer(&mut self, from: &str, to: &str, amount: i64) -> Result<()> {
        let transaction = self.connection.transaction()?;
        for (name, change) in [(to, amount), (from, -amount)] {
            transaction.execute(
                "UPDATE accounts SET balance = balance + ?2 WHERE name = ?1",
                params![name, change],
            )?;
        }
        transaction.commit()
    }

    /// All accounts, by name: a cursor, read as far as the consumer wants and 16 rows further.
    #[threaded_iterable(capacity = 16)]
    pub fn accounts(&self, out: &mut Yielder<Account>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare("SELECT name, balance FROM accounts ORDER BY name")?;
        let rows = statement.query_map([], |row| {
            Ok(Account {
                name: row.get(0)?,
                balance: row.get(1)?,
            })
        })?;
        for row in rows {
            if out.push(row?).is_err() {
                break; // The stream has been dropped.
            }
        }
        Ok(())
    }

    /// Closes the connection, and says whether that went well.
    pub fn close(self) -> Result<()> {
        self.connection.close().map_err(|(_, error)| error)
    }
}
