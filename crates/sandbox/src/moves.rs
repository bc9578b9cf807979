//! Move tokens: they give a host to another user.

use std::net::IpAddr;

use rusqlite::{Connection, params};

use crate::clock::now_ms;
use crate::error::SandboxError;
use crate::hashing::{self, Cost};
use crate::hosts;
use crate::locks::{Guess, Guessing};
use crate::service::Service;
use crate::token::{self, TokenKind};

/// The result of entering a move token.
pub(crate) enum MoveResult {
    /// The host belongs to the account now.
    Moved,
    /// The host belonged to the account before.
    Own,
    /// There is no such move token.
    Invalid,
    /// There were too many wrong ones.
    Locked,
}

/// Gives the host of a move token to an account. All hosts of the name move, and their tokens are void: whoever had them
/// has nothing to do with the host any more. SPDYN documents neither.
pub(crate) fn take(
    service: &Service,
    network: IpAddr,
    account: i64,
    typed: &str,
) -> Result<MoveResult, SandboxError> {
    let typed = typed.trim();
    let host = token::host_of_move_token(typed);
    let guess = Guess::new(Guessing::Moves, &host.unwrap_or_default().to_string(), network);
    if service.store.with(|db| guess.is_stopped(db, now_ms()))? {
        return Ok(MoveResult::Locked);
    }
    let hash = match host {
        Some(host) => service.store.with(|db| hosts::token_hash(db, host, TokenKind::Move))?,
        None => None,
    };
    let (true, Some(host)) = (hashing::matches(Cost::Token, typed, hash.as_deref())?, host) else {
        let (now, options) = (now_ms(), &service.options);
        let locked = service.store.with(|db| guess.was_wrong(db, now, options.login_threshold, options))?;
        return Ok(if locked { MoveResult::Locked } else { MoveResult::Invalid });
    };
    service.store.with(|db| {
        guess.was_right(db)?;
        // It may have been used or replaced since it was read.
        if hosts::token_hash(db, host, TokenKind::Move)? != hash {
            return Ok(MoveResult::Invalid);
        }
        move_to(db, host, account)
    })
}

fn move_to(db: &Connection, host: i64, account: i64) -> Result<MoveResult, SandboxError> {
    let owner: i64 = db.query_row("SELECT account FROM hosts WHERE id = ?1", [host], |row| row.get(0))?;
    if owner == account {
        return Ok(MoveResult::Own);
    }
    let of_the_name = "(SELECT id FROM hosts WHERE name = (SELECT name FROM hosts WHERE id = ?1))";
    db.execute(&format!("DELETE FROM tokens WHERE host IN {of_the_name}"), [host])?;
    db.execute(&format!("UPDATE hosts SET account = ?2 WHERE id IN {of_the_name}"), params![host, account])?;
    Ok(MoveResult::Moved)
}
