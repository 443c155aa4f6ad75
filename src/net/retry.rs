//! When another attempt is worth it, and after how long. Pure but for the jitter.

use std::time::{Duration, SystemTime};

/// The longest wait that a server can ask for and get; beyond it the answer is handed on.
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// The longest wait of our own between two attempts.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// What to do with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the answer.
    Answer,
    /// Ask again, after the server's own wait if it names one.
    Again(Option<Duration>),
}

/// Judges a status and headers (names in lower case). Asked again are 429, 500, 502, 503 and 504,
/// unless the server asks for more than [`LONGEST_WAIT`] or says that a quota is spent: neither is
/// slept on.
pub fn judge(status: u16, headers: &[(String, String)], now: SystemTime) -> Verdict {
    if !matches!(status, 429 | 500 | 502 | 503 | 504) || quota_spent(status, headers, now) {
        return Verdict::Answer;
    }
    match retry_after(headers, now) {
        Some(wait) if wait > LONGEST_WAIT => Verdict::Answer,
        wait => Verdict::Again(wait),
    }
}

/// The server's own wait: `Retry-After` in seconds or as an HTTP date (a date gone by is no wait),
/// or Lens's `x-rate-limit-retry-after-seconds`.
pub fn retry_after(headers: &[(String, String)], now: SystemTime) -> Option<Duration> {
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let text = header("retry-after").or_else(|| header("x-rate-limit-retry-after-seconds"))?;
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(1e9)));
    }
    let moment = httpdate::parse_http_date(text).ok()?;
    Some(moment.duration_since(now).unwrap_or(Duration::ZERO))
}

/// Whether a 429 means a spent budget rather than too fast a pace: Elsevier's
/// `X-ELS-Status: QUOTA_EXCEEDED`, or nothing remaining (`x-ratelimit-remaining`, `-usd`) with a
/// reset further off than [`LONGEST_WAIT`].
pub fn quota_spent(status: u16, headers: &[(String, String)], now: SystemTime) -> bool {
    if status != 429 && status != 403 {
        return false;
    }
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    if header("x-els-status").is_some_and(|value| value.to_ascii_uppercase().contains("QUOTA_EXCEEDED")) {
        return true;
    }
    let none_left = ["x-ratelimit-remaining", "x-ratelimit-remaining-usd"]
        .into_iter()
        .any(|name| header(name).and_then(|value| value.parse::<f64>().ok()).is_some_and(|left| left <= 0.0));
    none_left && header("x-ratelimit-reset").and_then(|text| reset(text, now)).is_some_and(|wait| wait > LONGEST_WAIT)
}

/// How far off a reset is. Servers write it as seconds to go, as seconds or milliseconds since
/// 1970, or as a date; the size tells which.
pub fn reset(text: &str, now: SystemTime) -> Option<Duration> {
    let since_1970 = now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs_f64();
    let seconds = match text.trim().parse::<f64>() {
        Ok(number) if number >= 1e11 => number / 1_000.0 - since_1970,
        Ok(number) if number >= 1e9 => number - since_1970,
        Ok(number) => number,
        Err(_) => return Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or(Duration::ZERO)),
    };
    Some(Duration::from_secs_f64(seconds.clamp(0.0, 1e9)))
}

/// Our own wait before attempt `attempt` + 1 (from 0): doubling from half a second to half a
/// minute; the second half of it is left to chance, so that workers do not come back together.
pub fn backoff(attempt: u32) -> Duration {
    let full = FIRST_BACKOFF.saturating_mul(1 << attempt.min(10)).min(LONGEST_BACKOFF);
    full.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn answers_are_judged() {
        let now = httpdate::parse_http_date("Tue, 24 Nov 2026 12:00:00 GMT").unwrap();
        let judge = |status, pairs: &[(&str, &str)]| judge(status, &headers(pairs), now);
        assert_eq!(judge(200, &[]), Verdict::Answer);
        assert_eq!(judge(404, &[("retry-after", "1")]), Verdict::Answer);
        assert_eq!(judge(503, &[]), Verdict::Again(None));
        assert_eq!(judge(429, &[("retry-after", "3")]), Verdict::Again(Some(Duration::from_secs(3))));
        let date = [("retry-after", "Tue, 24 Nov 2026 12:00:09 GMT")];
        assert_eq!(judge(429, &date), Verdict::Again(Some(Duration::from_secs(9))));
        assert_eq!(
            judge(429, &[("retry-after", "Tue, 24 Nov 2026 11:00:00 GMT")]),
            Verdict::Again(Some(Duration::ZERO))
        );
        assert_eq!(judge(429, &[("retry-after", "86400")]), Verdict::Answer);
        assert_eq!(judge(429, &[("x-els-status", "QUOTA_EXCEEDED - Quota Exceeded")]), Verdict::Answer);
        let spent = [("x-ratelimit-remaining-usd", "0"), ("x-ratelimit-reset", "41749")];
        assert_eq!(judge(429, &spent), Verdict::Answer);
        assert_eq!(judge(429, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")]), Verdict::Again(None));
    }

    #[test]
    fn resets_come_in_four_spellings() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_594_210_000);
        for text in ["657", "1594210657", "1594210657000", "Wed, 08 Jul 2020 12:17:37 GMT"] {
            assert_eq!(reset(text, now), Some(Duration::from_secs(657)), "{text}");
        }
        assert_eq!(reset("soon", now), None);
    }

    #[test]
    fn our_own_wait_doubles_and_ends() {
        for attempt in 0..40 {
            let full = 0.5 * f64::from(1 << attempt.min(10));
            let wait = backoff(attempt).as_secs_f64();
            assert!(wait >= full.min(30.0) / 2.0 && wait <= full.min(30.0), "{attempt}: {wait}");
        }
    }
}
