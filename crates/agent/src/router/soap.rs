//! SOAP, with which UPnP actions are called: the request, and the values in its response (UPnP Device Architecture 2.0,
//! 3.1).

use super::xml;

/// The body of a request without arguments. It begins with the declaration and has no line breaks in between: `MikroTik`'s
/// old system refuses white space before it (syncthing#914, 2014-10-27), other routers line breaks (portmapper#26,
/// 2016-07-10).
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
    let elements = xml::read(body).map_err(|error| {
        tracing::debug!(?error, "the router's answer isn't XML");
        SoapError
    })?;
    if let Some(fault) = elements.named("Fault").next() {
        let code = elements.text(fault, "errorCode").and_then(|code| code.parse().ok());
        return Ok(SoapReply::Fault(code.unwrap_or_default()));
    }
    let response = elements.named(&format!("{action}Response")).next().ok_or(SoapError)?;
    let value = |name: &&str| elements.text(response.clone(), name).map(str::to_owned);
    Ok(SoapReply::Values(names.iter().map(value).collect()))
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
    fn a_refusal_tells_its_code_also_where_the_text_beside_it_is_broken() {
        let fault = "<s:Fault><faultcode>s:Client</faultcode><detail><UPnPError xmlns=\"y\">\
                     <errorCode>401</errorCode></UPnPError></detail></s:Fault>";
        assert_eq!(read("A", &["B"], answer(fault).as_bytes()), Ok(SoapReply::Fault(401)));
        assert_eq!(read("A", &["B"], answer("<s:Fault/>").as_bytes()), Ok(SoapReply::Fault(0)));
        // As an Archer C8 sent it (TinyUPnP#1, 2017-10-29).
        let broken = fault
            .replace("</UPnPError>", "<errorDescription>Invalid Actio\u{fffd}*rrorDescription></UPnPError>");
        assert_eq!(read("A", &["B"], answer(&broken).as_bytes()), Ok(SoapReply::Fault(401)));
    }

    #[test]
    fn anything_else_is_no_answer() {
        let deep = "<a>".repeat(20_000);
        let bomb =
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><AResponse><B>&b;</B></AResponse>";
        let wide = format!("<AResponse>{}</AResponse>", "<B/>".repeat(10_000));
        for body in ["", "84.160.12.7", "<html>", &deep, bomb, &wide] {
            assert_eq!(read("A", &["B"], body.as_bytes()), Err(SoapError));
        }
        assert_eq!(
            read("A", &["B"], answer("<OtherResponse><B>1</B></OtherResponse>").as_bytes()),
            Err(SoapError)
        );
    }
}
