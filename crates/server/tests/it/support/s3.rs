//! A store that speaks S3, with its buckets in a folder: what it is asked has to be signed.

use axum::http::{Method, Request};
use hyper::{
    body::Incoming,
    service::{Service, service_fn},
};
use hyper_util::{rt::TokioIo, server::conn::auto::Builder};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{AbortHandle, JoinSet},
};

pub const BUCKET: &str = "shop";
const KEY: &str = "key";
const SECRET: &str = "a-secret-for-tests-only";

/// The store, until it is dropped.
pub struct Store {
    pub folder: TempDir,
    address: String,
    stalled: watch::Sender<bool>,
    read: Arc<Mutex<Vec<String>>>,
    task: AbortHandle,
}

impl Store {
    pub async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = builder.build();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stalled, mut stall) = watch::channel(false);
        let read = Arc::new(Mutex::new(Vec::new()));
        let reads = Arc::clone(&read);
        let task = tokio::spawn(async move {
            let (mut connections, mut silent) = (JoinSet::new(), Vec::new());
            loop {
                let socket = tokio::select! {
                    Ok((socket, _)) = listener.accept() => socket,
                    Ok(()) = stall.changed() => {
                        connections.shutdown().await;
                        continue;
                    }
                };
                if *stall.borrow() {
                    silent.push(socket);
                    continue;
                }
                let (service, reads) = (service.clone(), Arc::clone(&reads));
                let service = service_fn(move |request: Request<Incoming>| {
                    if request.method() == Method::GET {
                        reads.lock().unwrap().push(request.uri().path().to_owned());
                    }
                    Service::call(&service, request)
                });
                connections.spawn(async move {
                    let http = Builder::new(hyper_util::rt::TokioExecutor::new());
                    // A client that goes away is no fault.
                    let _ = http.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { folder, address, stalled, read, task: task.abort_handle() }
    }

    /// How often something was read, or asked for in vain, whose address has `part` in it.
    pub fn reads(&self, part: &str) -> usize {
        self.read.lock().unwrap().iter().filter(|path| path.contains(part)).count()
    }

    /// From now on whoever connects gets no answer.
    pub fn stall(&self) {
        self.stalled.send_replace(true);
    }

    /// What a server finds in its environment.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let settings = [
            ("AWS_ENDPOINT_URL", self.address.as_str()),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ];
        settings.map(|(name, value)| (name, value.to_owned())).into()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.task.abort();
    }
}
