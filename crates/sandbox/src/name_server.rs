//! The name server, which answers for the zones over UDP and TCP.

use std::sync::Arc;
use std::time::Duration;

use hickory_server::Server;
use hickory_server::net::runtime::Time;
use hickory_server::proto::op::{Edns, Header, HeaderCounts, MessageType, Metadata, OpCode, ResponseCode};
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::watch;

use crate::service::Service;
use crate::zones::{self, DnsResponse};

/// The time that a TCP connection may be silent.
const TCP_TIMEOUT: Duration = Duration::from_secs(5);
/// The number of responses that may wait for a slow TCP client.
const TCP_RESPONSE_BUFFER: usize = 8;
/// The largest UDP response that is safe from fragmentation; ours are far smaller.
const MAX_UDP_PAYLOAD: u16 = 1232;

struct NameServer(Arc<Service>);

/// Answers queries until the sandbox stops.
pub(crate) async fn serve(
    socket: UdpSocket,
    listener: TcpListener,
    service: Arc<Service>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut server = Server::new(NameServer(service));
    server.register_socket(socket);
    server.register_listener(listener, TCP_TIMEOUT, TCP_RESPONSE_BUFFER);
    let _ = stopping.wait_for(|stop| *stop).await; // an error means that the sandbox was dropped
    server.shutdown_token().cancel();
    // Dropping the server ends the rest.
    let _ = tokio::time::timeout(Duration::from_millis(200), server.block_until_done()).await;
}

impl NameServer {
    async fn respond(&self, request: &Request) -> DnsResponse {
        if request.metadata.message_type != MessageType::Query {
            return DnsResponse::code_only(ResponseCode::FormErr);
        }
        if request.metadata.op_code != OpCode::Query {
            return DnsResponse::code_only(ResponseCode::NotImp);
        }
        if request.edns.as_ref().is_some_and(|edns| edns.version() > 0) {
            return DnsResponse::code_only(ResponseCode::BADVERS);
        }
        let [query] = request.queries.queries() else {
            return DnsResponse::code_only(ResponseCode::FormErr);
        };
        let query = query.original().clone();
        let work = move |service: &Service| {
            let (name, class, record_type) = (query.name(), query.query_class(), query.query_type());
            service.store.with(|db| zones::resolve(db, name, class, record_type))
        };
        self.0.blocking(work).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the name server failed");
            DnsResponse::code_only(ResponseCode::ServFail)
        })
    }
}

#[async_trait::async_trait]
impl RequestHandler for NameServer {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut handler: R,
    ) -> ResponseInfo {
        let response = self.respond(request).await;
        let mut metadata = Metadata::response_from_request(&request.metadata);
        metadata.response_code = response.code;
        metadata.authoritative = response.authoritative;
        let mut edns = Edns::new();
        edns.set_max_payload(MAX_UDP_PAYLOAD).set_version(0).set_rcode_high(response.code.high());
        let message = MessageResponseBuilder::new(&request.queries, request.edns.is_some().then_some(&edns))
            .build(metadata, &response.answers, [], &response.soa, []);
        handler.send_response(message).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "a DNS response could not be sent");
            ResponseInfo::from(Header { metadata, counts: HeaderCounts::default() })
        })
    }
}
