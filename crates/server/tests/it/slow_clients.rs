//! Clients that send and read slowly, over real sockets.

use crate::support::Shop;
use server::serving::{Patience, serve};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Semaphore,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Longer than any of this takes, on any machine.
const FOREVER: Duration = Duration::from_secs(60);
const SLOW: usize = 200;

/// A shop at an address of its own, and what ends it.
struct Open {
    shop: Shop,
    address: SocketAddr,
    stop: CancellationToken,
    served: tokio::task::JoinHandle<()>,
}

impl Open {
    async fn new(patience: &str) -> Self {
        Self::with(patience, FOREVER, 1000).await
    }

    /// With a patience with who has sent nothing yet, and room for so many.
    async fn with(patience: &str, first: Duration, room: usize) -> Self {
        let shop = Shop::sqlite(&["--request-timeout", patience]).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let request = shop.server.configuration.request_timeout;
        let patience = Patience { first, request, keep_alive: request };
        let app = server::app(shop.server.clone());
        let served = tokio::spawn(serve(listener, app, patience, room, stop.clone().cancelled_owned()));
        Self { shop, address, stop, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Answered as anybody is.
    async fn answers(&self) -> bool {
        let mut stream = self.connect().await;
        let request = "GET /api/v1/catalogue/products HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.starts_with("HTTP/1.1 200") && answer.contains("Cosy bed")
    }
}

/// A head that never ends.
fn head() -> Vec<u8> {
    format!("GET / HTTP/1.1\r\nHost: shop\r\nX-Long: {}", "x".repeat(4000)).into_bytes()
}

/// A whole head, and a body that never ends.
fn body() -> Vec<u8> {
    let head = "POST /api/v1/contact HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n\
                Sec-Fetch-Site: same-origin\r\nIdempotency-Key: k\r\nContent-Length: 5000\r\n\r\n{";
    format!("{head}{}", " ".repeat(4000)).into_bytes()
}

/// A whole request whose answer is long.
const LONG: &[u8] = b"GET /api/openapi.json HTTP/1.1\r\nHost: shop\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_keep_nobody_waiting() {
    let open = Open::new("60").await;
    let (under_way, over) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let slow: Vec<_> = (0..SLOW)
        .map(|number| {
            let (address, under_way, over) = (open.address, Arc::clone(&under_way), Arc::clone(&over));
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                let step = Duration::from_millis(20);
                if number % 3 == 2 {
                    stream.write_all(LONG).await.unwrap();
                    let mut byte = [0];
                    stream.read_exact(&mut byte).await.unwrap();
                    under_way.add_permits(1);
                    while stream.read_exact(&mut byte).await.is_ok() {
                        tokio::time::sleep(step).await;
                    }
                } else {
                    let bytes = if number % 3 == 0 { head() } else { body() };
                    for (place, byte) in bytes.iter().enumerate() {
                        if stream.write_all(&[*byte]).await.is_err() {
                            break;
                        }
                        if place == 100 {
                            under_way.add_permits(1);
                        }
                        tokio::time::sleep(if place > 100 { step } else { Duration::ZERO }).await;
                    }
                }
                over.fetch_add(1, Ordering::Relaxed);
            })
        })
        .collect();
    let all = u32::try_from(SLOW).unwrap();
    drop(timeout(FOREVER, under_way.acquire_many(all)).await.expect("all are under way").unwrap());
    for _ in 0..20 {
        assert!(timeout(FOREVER, open.answers()).await.expect("nobody waits for slow ones"));
    }
    assert_eq!(over.load(Ordering::Relaxed), 0, "they are still at it");
    slow.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_finishes_is_sent_away() {
    let open = Open::new("1").await;
    // Nothing; half a head; a head byte by byte; half a body; nothing more after an answer.
    let whole = b"GET /api/v1/session HTTP/1.1\r\nHost: shop\r\n\r\n";
    for (what, bytes, dripping, expected) in [
        ("nothing", &b""[..], false, ""),
        ("half a head", b"GET / HTTP/1.1\r\nHost:", false, ""),
        ("a head byte by byte", &head(), true, ""),
        ("half a body", &body(), false, "HTTP/1.1 503"),
        ("one request", whole, false, "HTTP/1.1 200"),
    ] {
        let (mut read, mut write) = open.connect().await.into_split();
        let bytes = bytes.to_vec();
        let writing = tokio::spawn(async move {
            if dripping {
                for byte in bytes {
                    if write.write_all(&[byte]).await.is_err() {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            } else {
                write.write_all(&bytes).await.unwrap();
            }
            // Kept open.
            write
        });
        let mut answer = Vec::new();
        // Whoever is cut off while sending may find the connection reset.
        let _ = timeout(FOREVER, read.read_to_end(&mut answer)).await.expect(what);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(expected) && answer.is_empty() == expected.is_empty(), "{what}: {answer}");
        writing.abort();
    }
    assert!(open.answers().await);
}

/// A request that leaves the connection open.
const SHORT: &[u8] = b"GET /api/v1/session HTTP/1.1\r\nHost: shop\r\n\r\n";

/// Asks once more on a connection.
async fn ask(stream: &mut TcpStream) {
    stream.write_all(SHORT).await.unwrap();
    answered(stream).await;
}

async fn answered(stream: &mut TcpStream) {
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    while !answer.ends_with(b"}") {
        let count = timeout(FOREVER, stream.read(&mut piece)).await.expect("an answer").unwrap();
        assert!(count > 0, "closed after {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&piece[..count]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_sent_nothing_yet_is_sent_away_sooner() {
    let open = Open::with("60", Duration::from_secs(1), 1000).await;
    let mut customer = open.connect().await;
    ask(&mut customer).await;
    for bytes in [&b""[..], b"GET / HTTP/1.1\r\nHost:"] {
        let mut silent = open.connect().await;
        silent.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        // Whoever is cut off while sending may find the connection reset.
        let _ = timeout(FOREVER / 2, silent.read_to_end(&mut answer)).await.expect("the server ends it");
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    }
    // Whoever has asked once is let be for longer.
    ask(&mut customer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_there_is_no_room_who_comes_waits_and_nobody_else() {
    let open = Open::with("60", FOREVER, 2).await;
    let (mut one, mut two) = (open.connect().await, open.connect().await);
    ask(&mut one).await;
    ask(&mut two).await;
    // The system takes it; the server does not.
    let mut three = open.connect().await;
    three.write_all(SHORT).await.unwrap();
    for _ in 0..20 {
        ask(&mut one).await;
        ask(&mut two).await;
    }
    let nothing = three.try_read(&mut [0]).unwrap_err();
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    drop(one);
    answered(&mut three).await;
    ask(&mut two).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_reads_is_sent_away() {
    let open = Open::new("1").await;
    let (read, mut write) = open.connect().await.into_split();
    // Far more answers than the system keeps for who does not read them.
    let asking = timeout(FOREVER, async {
        // The server reads no further while nobody reads what it says, and then it is gone.
        while write.write_all(LONG).await.is_ok() {}
    });
    asking.await.expect("the server ends it");
    assert!(open.answers().await);
    drop(read);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_its_way_is_answered_when_the_server_stops() {
    let open = Open::new("60").await;
    let mut stream = open.connect().await;
    // Taken, and half of its request read.
    stream
        .write_all(b"GET /api/v1/session HTTP/1.1\r\nHost: shop\r\nConnection: keep-alive\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    open.stop.cancel();
    let mut rest = Vec::new();
    timeout(FOREVER, stream.read_to_end(&mut rest)).await.expect("ended after its answer").unwrap();
    assert!(rest.ends_with(b"}"), "{}", String::from_utf8_lossy(&rest));
    timeout(FOREVER, open.served).await.expect("and then the server").unwrap();
    assert!(TcpStream::connect(open.address).await.is_err(), "nobody is taken any more");
    drop(open.shop);
}
