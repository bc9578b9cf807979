//! SOAP, with which UPnP actions are called: the request, and the values in its response (UPnP Device Architecture 2.0,
//! 3.1). Also the reader of all XML from a router.

use std::borrow::Cow;

use roxmltree::{Document, Node, ParsingOptions};

/// The most nodes of a document, because each takes memory. No router's XML within the longest body has more.
const MAX_NODES: u32 = 4096;

/// A body as text. Some routers end it with zero bytes, or write their names in another encoding.
pub(super) fn text_of(body: &[u8]) -> Cow<'_, str> {
    let end = body.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    String::from_utf8_lossy(&body[..end])
}

/// Reads XML. A document type is refused, so there are no entities to multiply.
pub(super) fn parse(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options)
}

/// The trimmed text of the first element of this name in any namespace; empty if it has no text.
pub(super) fn find<'a>(within: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let element = within.descendants().find(|node| node.is_element() && node.tag_name().name() == name)?;
    Some(element.text().unwrap_or_default().trim())
}

/// The body of a request without arguments.
pub(super) fn request(service: &str, action: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\r\n\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\
         <s:Body><u:{action} xmlns:u=\"{service}\"></u:{action}></s:Body></s:Envelope>\r\n"
    )
}

/// The response to an action.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SoapReply {
    /// The values asked for, in the same order; none where one is missing, empty where it is empty.
    Values(Vec<Option<String>>),
    /// A refusal with UPnP's error code; 0 if there is none.
    Fault(u16),
}

/// Reads the values of these `names` from the response to `action`.
///
/// # Errors
/// When it isn't a response to `action`.
pub(super) fn read(action: &str, names: &[&str], body: &[u8]) -> Result<SoapReply, SoapError> {
    let text = text_of(body);
    let document = parse(&text).map_err(|error| {
        tracing::debug!(%error, "the router's answer isn't XML");
        SoapError
    })?;
    let element = |name: &str| document.descendants().find(|node| node.tag_name().name() == name);
    if let Some(fault) = element("Fault") {
        let code = find(fault, "errorCode").and_then(|code| code.parse().ok());
        return Ok(SoapReply::Fault(code.unwrap_or_default()));
    }
    let response = element(&format!("{action}Response")).ok_or(SoapError)?;
    Ok(SoapReply::Values(names.iter().map(|name| find(response, name).map(str::to_owned)).collect()))
}

/// The response isn't SOAP, or belongs to another action.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SoapError;

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(inner: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
             <s:Body>{inner}</s:Body></s:Envelope>"
        )
    }

    #[test]
    fn values_are_read_by_their_names_and_trimmed() {
        let body = answer("<u:AResponse xmlns:u=\"x\"><B> 1 </B><C/></u:AResponse>") + "\0\0";
        let reply = read("A", &["C", "B", "D"], body.as_bytes());
        assert_eq!(reply, Ok(SoapReply::Values(vec![Some(String::new()), Some("1".into()), None])));
    }

    #[test]
    fn a_refusal_tells_its_code() {
        let fault = "<s:Fault><faultcode>s:Client</faultcode><detail><UPnPError xmlns=\"y\">\
                     <errorCode>401</errorCode></UPnPError></detail></s:Fault>";
        assert_eq!(read("A", &["B"], answer(fault).as_bytes()), Ok(SoapReply::Fault(401)));
        assert_eq!(read("A", &["B"], answer("<s:Fault/>").as_bytes()), Ok(SoapReply::Fault(0)));
    }

    #[test]
    fn anything_else_is_no_answer() {
        let deep = "<a>".repeat(20_000);
        let bomb =
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><AResponse><B>&b;</B></AResponse>";
        let wide = format!("<AResponse>{}</AResponse>", "<B/>".repeat(10_000));
        for body in ["", "84.160.12.7", "<html>", "<AResponse><B>1</AResponse>", &deep, bomb, &wide] {
            assert_eq!(read("A", &["B"], body.as_bytes()), Err(SoapError));
        }
        assert_eq!(
            read("A", &["B"], answer("<OtherResponse><B>1</B></OtherResponse>").as_bytes()),
            Err(SoapError)
        );
    }
}
