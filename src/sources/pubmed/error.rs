//! What E-utilities say in place of an answer: often at HTTP 200, in XML or in JSON that is none.

use crate::net::Response;
use crate::sources::SourceError;
use crate::sources::support::answer;
use crate::text::encoding;

/// The body as text, or the error that it stands for.
pub fn text(response: &Response) -> Result<String, SourceError> {
    let said = answer::said(response);
    if response.status == 400 && said.to_lowercase().contains("api key") {
        return Err(SourceError::Refused(said));
    }
    answer::checked(response)?;
    let text = encoding::decode(&response.body).text;
    let head = text.trim_start();
    if head.is_empty() {
        return Err(SourceError::Unavailable("an empty answer".into()));
    }
    // XML is asked for; JSON comes from the gateway, or with a raw line break within a string,
    // which no strict reader takes.
    if head.starts_with('{') {
        return Err(named(&quoted(head, "ERROR").or_else(|| quoted(head, "error")).unwrap_or(said)));
    }
    if !head.starts_with('<') {
        return Err(SourceError::Shape("XML was asked for, and something else came".into()));
    }
    Ok(text)
}

/// The error that a message of `<ERROR>` stands for.
pub fn named(message: &str) -> SourceError {
    let message = crate::text::squeeze(message);
    let lower = message.to_lowercase();
    if lower.contains("rate limit") {
        SourceError::Throttled { retry_after_s: None }
    } else if lower.contains("api key") || lower.contains("api-key") {
        SourceError::Refused(message)
    } else if ["backend failed", "temporarily", "timeout", "timed out", "internal error", "server error"]
        .iter()
        .any(|sign| lower.contains(sign))
        && !lower.contains("cannot be larger")
    {
        SourceError::Unavailable(message)
    } else {
        SourceError::Rejected(message)
    }
}

/// Whether a message says that the hits are no longer on the history server.
pub fn is_lost_history(error: &SourceError) -> bool {
    let (SourceError::Rejected(said) | SourceError::Unavailable(said) | SourceError::NotFound(said)) = error else {
        return false;
    };
    let said = said.to_lowercase();
    said.contains("unable to obtain query") || said.contains("webenv") || said.contains("history")
}

/// The string after `"name":`, whatever it holds but a quotation mark.
fn quoted(text: &str, name: &str) -> Option<String> {
    let rest = &text[text.find(&format!("\"{name}\""))? + name.len() + 2..];
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    Some(rest[..rest.find('"')?].to_owned())
}
