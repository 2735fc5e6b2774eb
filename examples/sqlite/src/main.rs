//! One connection to SQLite for async users and for blocking ones: queries, a transaction, and a
//! cursor as a stream.

mod bank;

use futures::{StreamExt, TryStreamExt};

use self::bank::{Account, AsyncBank, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let bank = AsyncBank::open().await?;

    // Many tasks share one connection; their queries run one after the other.
    let deposits = (0..100).map(|n| {
        let bank = bank.clone();
        tokio::spawn(async move { bank.deposit(["ada", "bob"][n % 2], 1).await })
    });
    for deposit in deposits.collect::<Vec<_>>() {
        deposit.await.expect("a query does not panic")?;
    }
    assert_eq!(bank.balance("ada").await?, Some(50));

    bank.transfer("ada", "bob", 20).await?;
    let too_much = bank.transfer("ada", "bob", 1000).await;
    println!("refused: {}", too_much.expect_err("ada has not that much"));
    assert_eq!(bank.balance("bob").await?, Some(70), "rolled back");

    let accounts: Vec<Account> = bank.accounts().try_collect().await?;
    for Account { name, balance } in &accounts {
        println!("{name} has {balance}");
    }
    assert_eq!(accounts.len(), 2);

    // A cursor that is dropped half-way frees the connection for the next query.
    let many = (0..1000).map(|n| format!("account {n}"));
    bank.as_ref()
        .with(|bank| {
            many.into_iter()
                .try_for_each(|name| bank.deposit(&name, 1).map(drop))
        })
        .await?;
    let first = bank.accounts().take(3).try_collect::<Vec<_>>().await?;
    println!("the first of {}: {}", 1000 + accounts.len(), first[0].name);

    // The same connection, in blocking code.
    let blocking = bank.clone();
    let thread = std::thread::spawn(move || {
        let bank = blocking.as_ref();
        bank.with_blocking(|bank| bank.balance("bob"))
    });
    assert_eq!(thread.join().expect("it does not panic")?, Some(70));

    bank.clone().close().await?;
    let late = bank.balance("ada").fallible().await;
    println!("closed: {}", late.expect_err("the connection is closed"));
    Ok(())
}
