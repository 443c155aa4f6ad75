use super::*;

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn lane(rate: f64, burst: u32, concurrency: usize) -> Lane {
    Lane::new(&Url::parse("http://x.test/").unwrap(), rate, burst, concurrency)
}

fn host(rate: f64, burst: u32, concurrency: usize) -> Arc<Host> {
    Arc::new(Host::new(&lane(rate, burst, concurrency)))
}

#[tokio::test]
async fn a_configured_lane_takes_a_default_ones_place_and_keeps_what_the_server_said() {
    let url = Url::parse("http://x.test/").unwrap();
    let host = Arc::new(Host::new(&Lane::polite(&url)));
    host.adopt(&lane(8.0, 4, 4));
    assert_eq!(host.pace(), (8.0, 4));
    host.adopt(&Lane::polite(&url));
    assert_eq!(host.pace(), (8.0, 4));
    host.adopt(&lane(20.0, 1, 2));
    assert_eq!(host.pace(), (8.0, 2));
    let host = Arc::new(Host::new(&Lane::polite(&url)));
    host.lower(Hint { requests_per_second: Some(3.0), concurrency: None });
    assert_eq!(host.pace(), (1.0, 2));
    host.adopt(&lane(8.0, 4, 1));
    assert_eq!(host.pace(), (3.0, 1));
    let turn = host.turn().await;
    assert!(tokio::time::timeout(Duration::from_millis(500), host.turn()).await.is_err());
    drop(turn);
}

#[test]
fn headers_tell_a_pace_or_nothing() {
    let rate = |pairs: &[(&str, &str)]| hint(&headers(pairs)).requests_per_second;
    let crossref = [("x-rate-limit-limit", "3"), ("x-rate-limit-interval", "1s"), ("x-concurrency-limit", "3")];
    assert_eq!(hint(&headers(&crossref)), Hint { requests_per_second: Some(3.0), concurrency: Some(3) });
    assert_eq!(rate(&[("x-rate-limit-limit", "50"), ("x-rate-limit-interval", "1d")]), None);
    assert_eq!(rate(&[("ratelimit-limit", "5"), ("ratelimit-reset", "1")]), Some(5.0));
    assert_eq!(rate(&[("ratelimit-limit", "100, 100;w=60")]), Some(100.0 / 60.0));
    assert_eq!(rate(&[("ratelimit-policy", "1000;w=86400")]), None);
    assert_eq!(rate(&[("x-ratelimit-limit", "3"), ("x-ratelimit-remaining", "1")]), Some(3.0));
    assert_eq!(rate(&[("x-ratelimit-limit", "1000"), ("x-ratelimit-reset", "41749")]), None);
    assert_eq!(rate(&[("x-ratelimit-limit", "20000"), ("x-ratelimit-reset", "1594210657000")]), None);
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_kept_and_may_only_become_slower() {
    let host = host(10.0, 2, 4);
    let begun = Instant::now();
    for _ in 0..12 {
        host.turn().await;
    }
    let took = begun.elapsed().as_millis();
    assert!((1_000..1_050).contains(&took), "{took} ms");
    host.lower(Hint { requests_per_second: Some(50.0), concurrency: Some(9) });
    assert_eq!(host.pace(), (10.0, 4));
    host.lower(Hint { requests_per_second: Some(1.0), concurrency: Some(1) });
    assert_eq!(host.pace(), (1.0, 1));
    let begun = Instant::now();
    for _ in 0..3 {
        host.turn().await;
    }
    assert!(begun.elapsed() >= Duration::from_millis(2_900), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn places_under_way_are_given_up_when_the_limit_falls() {
    let host = host(1000.0, 10, 3);
    let turns = [host.turn().await, host.turn().await, host.turn().await];
    host.lower(Hint { requests_per_second: None, concurrency: Some(1) });
    drop(turns);
    let _only = host.turn().await;
    assert!(tokio::time::timeout(Duration::from_secs(5), host.turn()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_for_everybody() {
    let host = host(100.0, 10, 2);
    host.pause(Duration::from_secs(7));
    let begun = Instant::now();
    host.turn().await;
    assert!(begun.elapsed() >= Duration::from_secs(7));
}
