//! A host's pace: one limiter and one count of requests under way, shared by all workers.
//!
//! Config sets the pace; what the server's headers say may only lower it ([`hint`]).

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

/// How a host is to be treated: which host, how often, how many at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// What the host is known by: lanes of one key share their limiter.
    pub host: String,
    pub requests_per_second: f64,
    /// How many may go out at once after a pause; at least 1.
    pub burst: u32,
    /// Requests under way at once; at least 1.
    pub concurrency: usize,
    /// Whether it only stands in where nothing is configured for the host.
    is_default: bool,
}

impl Lane {
    /// A lane for an address out of config.
    pub fn new(base: &Url, requests_per_second: f64, burst: u32, concurrency: usize) -> Self {
        Self { host: host_key(base), requests_per_second, burst, concurrency, is_default: false }
    }
    /// The lane for an address that was found: one request a second, two under way. Where the host
    /// has a configured lane, that one holds.
    pub fn polite(url: &Url) -> Self {
        Self { is_default: true, ..Self::new(url, 1.0, 1, 2) }
    }
}

/// A host's key: its name, with the port where that is not the scheme's own.
pub fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().to_lowercase();
    url.port().map_or(host.clone(), |port| format!("{host}:{port}"))
}

/// What a server's headers say about the pace it wants.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hint {
    pub requests_per_second: Option<f64>,
    pub concurrency: Option<usize>,
}

/// Reads the pace out of response headers (names in lower case). Only what is a rate over at most a
/// minute counts; a daily or weekly budget is none. Read are:
///
/// - `x-rate-limit-limit` with `x-rate-limit-interval` (`1s`), and `x-concurrency-limit`: Crossref;
/// - `ratelimit-policy: 100;w=60` and `ratelimit-limit: 100;w=60` (IETF drafts);
/// - `ratelimit-limit` with a `ratelimit-reset` of 1 second: older OpenAlex;
/// - `x-ratelimit-limit` of at most 100 without any `x-ratelimit-reset`: NCBI, a second each.
///
/// OpenAlex's and Elsevier's `x-ratelimit-limit` are budgets of a day and a week; both come with
/// `x-ratelimit-reset` and are passed over.
pub fn hint(headers: &[(String, String)]) -> Hint {
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
    let number = |name: &str| header(name).and_then(leading_number);
    let concurrency = number("x-concurrency-limit").filter(|limit| *limit >= 1.0).map(|limit| limit as usize);
    let over = |limit: Option<f64>, seconds: Option<f64>| match (limit, seconds) {
        (Some(limit), Some(seconds)) if limit > 0.0 && (0.001..=60.0).contains(&seconds) => Some(limit / seconds),
        _ => None,
    };
    let interval = header("x-rate-limit-interval").and_then(seconds);
    let rates = [
        over(number("x-rate-limit-limit"), interval),
        header("ratelimit-policy").and_then(|text| over(leading_number(text), policy_window(text))),
        header("ratelimit-limit").and_then(|text| over(leading_number(text), policy_window(text))),
        over(number("ratelimit-limit"), number("ratelimit-reset").filter(|reset| *reset == 1.0)),
        number("x-ratelimit-limit")
            .filter(|limit| header("x-ratelimit-reset").is_none() && (1.0..=100.0).contains(limit)),
    ];
    let slowest = rates.into_iter().flatten().min_by(f64::total_cmp);
    Hint { requests_per_second: slowest, concurrency }
}

fn leading_number(text: &str) -> Option<f64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').map_or(text, |end| &text[..end]);
    digits.parse().ok()
}

fn policy_window(text: &str) -> Option<f64> {
    let (_, rest) = text.split_once("w=")?;
    leading_number(rest)
}

/// Reads `1s`, `500ms`, `1m`, `60`.
fn seconds(text: &str) -> Option<f64> {
    let number = leading_number(text)?;
    match text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim() {
        "" | "s" => Some(number),
        "ms" => Some(number / 1_000.0),
        "m" => Some(number * 60.0),
        _ => None,
    }
}

/// The runtime's clock, so that tests can pause it.
#[derive(Clone, Copy, Debug)]
struct RunClock(Instant);

impl Clock for RunClock {
    type Instant = Duration;
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, RunClock, NoOpMiddleware<Duration>>;

/// One host's state in a run.
pub(super) struct Host {
    permits: Arc<Semaphore>,
    state: Mutex<HostState>,
    clock: RunClock,
}

struct HostState {
    limiter: Arc<Limiter>,
    /// The pace that is kept: the lane's, lowered by what the server said.
    requests_per_second: f64,
    concurrency: usize,
    /// What the server said so far.
    told: Hint,
    /// Whether the lane is only a default.
    is_default: bool,
    /// Permits that are to vanish when they come back.
    debt: usize,
    /// Nobody asks before this moment: the server said so.
    not_before: Option<Instant>,
    failures: u32,
}

/// A request's place among those under way; gives it back when dropped.
pub(super) struct Turn {
    permit: Option<OwnedSemaphorePermit>,
    host: Arc<Host>,
}

/// The slowest pace that is kept: once in ten minutes.
const SLOWEST: f64 = 1.0 / 600.0;

impl Host {
    pub(super) fn new(lane: &Lane) -> Self {
        let clock = RunClock(Instant::now());
        let rate = sound_rate(lane.requests_per_second);
        let concurrency = sound_concurrency(lane.concurrency);
        let state = HostState {
            limiter: Arc::new(limiter(rate, lane.burst, clock)),
            requests_per_second: rate,
            concurrency,
            told: Hint::default(),
            is_default: lane.is_default,
            debt: 0,
            not_before: None,
            failures: 0,
        };
        Self { permits: Arc::new(Semaphore::new(concurrency)), state: Mutex::new(state), clock }
    }

    /// Another lane for the same host: a default one changes nothing, a configured one takes a
    /// default's place, and of two configured ones the slower holds.
    pub(super) fn adopt(&self, lane: &Lane) {
        if lane.is_default {
            return;
        }
        let own = Hint { requests_per_second: Some(lane.requests_per_second), concurrency: Some(lane.concurrency) };
        let mut state = self.state();
        if !state.is_default {
            return self.slow_down(&mut state, own);
        }
        state.is_default = false;
        state.requests_per_second = sound_rate(lane.requests_per_second);
        state.limiter = Arc::new(limiter(state.requests_per_second, lane.burst, self.clock));
        let concurrency = sound_concurrency(lane.concurrency);
        self.permits.add_permits(concurrency.saturating_sub(state.concurrency));
        let told = state.told;
        let fewer = Hint { concurrency: Some(concurrency), ..told };
        state.concurrency = state.concurrency.max(concurrency);
        self.slow_down(&mut state, fewer);
        self.slow_down(&mut state, told);
    }

    fn state(&self) -> std::sync::MutexGuard<'_, HostState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place and then for the pace.
    pub(super) async fn turn(self: &Arc<Self>) -> Turn {
        // The semaphore is never closed; without a permit the pace alone holds.
        let permit = self.permits.clone().acquire_owned().await.ok();
        let turn = Turn { permit, host: self.clone() };
        loop {
            let (limiter, not_before) = {
                let state = self.state();
                (state.limiter.clone(), state.not_before)
            };
            if let Some(moment) = not_before.filter(|moment| *moment > Instant::now()) {
                tokio::time::sleep_until(moment).await;
                continue;
            }
            match limiter.check() {
                Ok(()) => return turn,
                Err(not_until) => {
                    let wait: Duration = not_until.wait_time_from(self.clock.now());
                    tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
                }
            }
        }
    }

    /// Takes what the server says into account: the pace may only become slower.
    pub(super) fn lower(&self, hint: Hint) {
        let mut state = self.state();
        let slower = |old: Option<f64>, new: Option<f64>| old.into_iter().chain(new).min_by(f64::total_cmp);
        state.told = Hint {
            requests_per_second: slower(state.told.requests_per_second, hint.requests_per_second),
            concurrency: state.told.concurrency.into_iter().chain(hint.concurrency).min(),
        };
        self.slow_down(&mut state, hint);
    }

    fn slow_down(&self, state: &mut HostState, hint: Hint) {
        if let Some(rate) = hint.requests_per_second.map(sound_rate).filter(|rate| *rate < state.requests_per_second) {
            state.requests_per_second = rate;
            let slower = limiter(rate, 1, self.clock);
            // A new limiter starts with one free request; the last answer has used it.
            let _ = slower.check();
            state.limiter = Arc::new(slower);
        }
        if let Some(limit) = hint.concurrency.filter(|limit| (1..state.concurrency).contains(limit)) {
            let surplus = state.concurrency - limit;
            state.concurrency = limit;
            state.debt += surplus - self.permits.forget_permits(surplus);
        }
    }

    /// Lets nobody ask for a while.
    pub(super) fn pause(&self, wait: Duration) {
        let moment = Instant::now() + wait;
        let mut state = self.state();
        state.not_before = Some(state.not_before.map_or(moment, |other| other.max(moment)));
    }

    /// Counts a request that failed for good; a success begins the count anew.
    pub(super) fn failed(&self, failed: bool) {
        let mut state = self.state();
        state.failures = if failed { state.failures.saturating_add(1) } else { 0 };
    }

    pub(super) fn failures(&self) -> u32 {
        self.state().failures
    }

    /// The pace that holds now, requests a second and requests at once.
    #[cfg(test)]
    fn pace(&self) -> (f64, usize) {
        let state = self.state();
        (state.requests_per_second, state.concurrency)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.host.state();
        if state.debt > 0
            && let Some(permit) = self.permit.take()
        {
            state.debt -= 1;
            permit.forget();
        }
    }
}

fn sound_rate(rate: f64) -> f64 {
    if rate.is_finite() { rate.clamp(SLOWEST, 10_000.0) } else { 1.0 }
}

fn sound_concurrency(concurrency: usize) -> usize {
    concurrency.clamp(1, 64)
}

fn limiter(rate: f64, burst: u32, clock: RunClock) -> Limiter {
    let burst = NonZeroU32::new(burst.clamp(1, 1_000)).unwrap_or(NonZeroU32::MIN);
    let period = Duration::from_secs_f64(1.0 / rate).max(Duration::from_nanos(1));
    let quota = Quota::with_period(period).unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN)).allow_burst(burst);
    RateLimiter::direct_with_clock(quota, clock)
}

#[cfg(test)]
#[path = "rate_tests.rs"]
mod tests;
