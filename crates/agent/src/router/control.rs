//! Calls the actions of a service, in the manner that this router understands.
//!
//! The manner is a place and a spelling of the header fields. It is found at the first question and remembered: the one of
//! the SOAP specification first (`SOAPAction`), then the one of UPnP (`SOAPACTION`), which the WRT120N wants
//! (syncthing#1696, 2015-04-25); where the description has a base that is wrong, the place relative to the description.

use std::sync::{Mutex, PoisonError};

use dyntray_core::observe::observation::LookUpProblem;

use super::description::{Place, Service};
use super::exchange::{self, Request};
use super::http1::Wanted;
use super::soap::{self, SoapReply};

/// UPnP's error code for an action that the device doesn't know; also the answer of some that found no action in a request.
const INVALID_ACTION: u16 = 401;

/// The spelling of header fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// As in the specifications of HTTP and SOAP.
    Mixed,
    /// All in capitals, as in UPnP's.
    Capitals,
}

/// The manner of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Manner {
    /// The place among the service's.
    place: usize,
    spelling: Spelling,
}

/// Whether a device has to know an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Every device has it. One that doesn't know it wasn't asked in its manner.
    ToAll,
    /// Only some have it.
    ToSome,
}

/// The control of one service.
#[derive(Debug)]
pub(super) struct Control {
    service: Service,
    /// The manner that was understood; none before.
    understood: Mutex<Option<Manner>>,
}

impl Control {
    /// The control of a service that hasn't been asked yet.
    pub(super) fn new(service: Service) -> Self {
        Control { service, understood: Mutex::default() }
    }

    /// The service, as the router described it.
    pub(super) fn service(&self) -> &Service {
        &self.service
    }

    /// The places of the service, the one that is known to be right first.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        let right = self.understood().map_or(0, |manner| manner.place);
        let places = &self.service.places;
        places
            .get(right)
            .into_iter()
            .chain(places.iter().enumerate().filter(move |(at, _)| *at != right).map(|(_, place)| place))
    }

    fn understood(&self) -> Option<Manner> {
        *self.understood.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, manner: Option<Manner>) {
        *self.understood.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// Calls an action without arguments, and returns its values of these names.
    ///
    /// # Errors
    /// `Unreachable` if no connection could be made to any place; otherwise what is odd about the answer.
    pub(super) async fn ask(
        &self,
        action: &str,
        values: &[&str],
        known: Known,
    ) -> Result<SoapReply, LookUpProblem> {
        if let Some(manner) = self.understood() {
            let answer = self.ask_in(manner, action, values).await;
            if answer.is_err() && known == Known::ToAll {
                self.remember(None);
            }
            return answer;
        }
        let mut first = None;
        for place in 0..self.service.places.len() {
            for spelling in [Spelling::Mixed, Spelling::Capitals] {
                let manner = Manner { place, spelling };
                let answer = self.ask_in(manner, action, values).await;
                let is_understood = match &answer {
                    Ok(SoapReply::Fault(INVALID_ACTION)) => known == Known::ToSome,
                    Ok(_) => true,
                    Err(_) => false,
                };
                if is_understood {
                    self.remember(Some(manner));
                    return answer;
                }
                let next = next_try(&answer);
                tracing::debug!(?manner, action, ?answer, ?next, "not understood in this manner");
                if matches!(first, None | Some(Err(LookUpProblem::Unreachable))) {
                    first = Some(answer);
                }
                match next {
                    Next::Spelling => {}
                    Next::Place => break,
                    Next::None => return first.unwrap_or(Err(LookUpProblem::NotUnderstood)),
                }
            }
        }
        first.unwrap_or(Err(LookUpProblem::NotUnderstood))
    }

    async fn ask_in(
        &self,
        manner: Manner,
        action: &str,
        values: &[&str],
    ) -> Result<SoapReply, LookUpProblem> {
        let Service { kind, places } = &self.service;
        let place = places.get(manner.place).ok_or(LookUpProblem::NotUnderstood)?;
        let body = soap::request(kind, action);
        let (length, quoted) = (body.len().to_string(), format!("\"{kind}#{action}\""));
        let names = match manner.spelling {
            Spelling::Mixed => ["Content-Type", "Content-Length", "SOAPAction"],
            Spelling::Capitals => ["CONTENT-TYPE", "CONTENT-LENGTH", "SOAPACTION"],
        };
        let [r#type, size, soap_action] = names;
        let fields = [
            (r#type, "text/xml; charset=\"utf-8\""),
            (size, length.as_str()),
            (soap_action, quoted.as_str()),
        ];
        let request = Request { method: "POST", fields: &fields, body: &body, wanted: Wanted::All };
        let answer = exchange::send(&place.control, request).await?;
        let read = soap::read(action, values, &answer.body);
        match (answer.status, read) {
            // A fault comes with status 500, and from some with another one.
            (200..=299 | 500, Ok(reply)) | (_, Ok(reply @ SoapReply::Fault(_))) => Ok(reply),
            (200..=299 | 500, Err(_)) => Err(answer.misunderstood()),
            (300..=399, _) => Err(LookUpProblem::Redirected),
            (status, _) => Err(LookUpProblem::Status { status }),
        }
    }
}

/// What to try after an answer that wasn't understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The other spelling.
    Spelling,
    /// Another place.
    Place,
    /// Nothing.
    None,
}

fn next_try(answer: &Result<SoapReply, LookUpProblem>) -> Next {
    match answer {
        // It would take too long, or needs a login in any manner.
        Err(LookUpProblem::TimedOut | LookUpProblem::Status { status: 401 }) => Next::None,
        Err(LookUpProblem::Unreachable | LookUpProblem::Status { status: 404 | 410 }) => Next::Place,
        _ => Next::Spelling,
    }
}
