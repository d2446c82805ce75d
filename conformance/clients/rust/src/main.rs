//! The crate signalr-client against the conformance application, whose address is HUBWIRE_APPLICATION.

use futures::StreamExt;
use serde::{
    de::{DeserializeOwned, IgnoredAny},
    Deserialize,
};
use signalr_client::SignalRClient;
use std::future::Future;
use std::time::Duration;
use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver};
use tokio::time::timeout;

type Outcome = Result<(), String>;

const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Clone, Copy)]
enum Protocol {
    Json,
    MessagePack,
}

#[derive(Deserialize)]
struct Drink {
    drink: String,
    strength: f64,
}

async fn connect(hub: &str, protocol: Protocol) -> Result<SignalRClient, String> {
    let base = std::env::var("HUBWIRE_APPLICATION").map_err(|error| error.to_string())?;
    let port: i32 = base.rsplit(':').next().unwrap_or("").parse().map_err(|_| format!("no port in {base}"))?;
    SignalRClient::connect_with("127.0.0.1", hub, |options| {
        options.with_port(port);
        options.unsecure();
        if let Protocol::MessagePack = protocol {
            options.with_messagepack_protocol();
        }
    })
    .await
}

fn equal<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Outcome {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{found:?} instead of {expected:?}"))
    }
}

async fn next(calls: &mut UnboundedReceiver<String>) -> Result<String, String> {
    timeout(PATIENCE, calls.recv()).await.map_err(|_| "nothing came".to_string())?.ok_or_else(|| "over".to_string())
}

async fn calls_and_hears_results(protocol: Protocol) -> Outcome {
    let mut hub = connect("hub", protocol).await?;
    equal(hub.invoke::<String>("ping".into()).await?, "Pong!".into())?;
    let titles = hub
        .invoke_with_args::<Vec<String>, _>("triumphantTriple".into(), |c| {
            c.argument("1. FC Bayern München".to_string());
        })
        .await?;
    equal(titles.join(", "), "German Championship, DFB Cup, Champions League".into())?;
    let drinks = hub.invoke::<Vec<Drink>>("alcoholicContents".into()).await?;
    equal(drinks.iter().map(|each| each.drink.as_str()).collect::<Vec<_>>(), vec!["Brunello", "Beer", "Lagavulin Cask Strength"])?;
    equal((drinks[1].strength - 4.9).abs() < 1e-4, true)?;
    equal(hub.invoke::<String>("largeCompressableContent".into()).await?, "data_".repeat(10_000))?;
    hub.disconnect();
    Ok(())
}

async fn hears_what_is_sent_to_it(protocol: Protocol) -> Outcome {
    let mut hub = connect("hub", protocol).await?;
    let (told, mut touched) = unbounded_channel();
    let _handler = hub.register("touched".into(), move |_| {
        let _ = told.send("touched".to_string());
    });
    hub.send("touch".into()).await?;
    hub.send("touch".into()).await?;
    next(&mut touched).await?;
    next(&mut touched).await?;
    hub.disconnect();
    Ok(())
}

async fn reads_errors(protocol: Protocol) -> Outcome {
    let mut hub = connect("testhub", protocol).await?;
    let failed = hub
        .invoke_with_args::<String, _>("ThrowException".into(), |c| {
            c.argument("An error occurred.".to_string());
        })
        .await;
    match failed {
        Ok(value) => return Err(format!("{value} instead of an error")),
        Err(text) if text.contains("InvalidOperationException: An error occurred.") => {}
        Err(text) => return Err(text),
    }
    let echo = hub
        .invoke_with_args::<String, _>("Echo".into(), |c| {
            c.argument("still there".to_string());
        })
        .await?;
    hub.disconnect();
    equal(echo, "still there".into())
}

async fn hears_broadcasts(protocol: Protocol) -> Outcome {
    let mut one = connect("echo-bench", protocol).await?;
    let mut other = connect("echo-bench", protocol).await?;
    let (told, mut heard) = unbounded_channel();
    let also = told.clone();
    let _first = one.register("send".into(), move |call| {
        let _ = told.send(call.argument::<String>(0).unwrap_or_else(|error| error));
    });
    let _second = other.register("send".into(), move |call| {
        let _ = also.send(call.argument::<String>(0).unwrap_or_else(|error| error));
    });
    one.send_with_args("SendPayload".into(), |c| {
        c.argument("from Rust".to_string());
    })
    .await?;
    equal(next(&mut heard).await?, "from Rust".into())?;
    equal(next(&mut heard).await?, "from Rust".into())?;
    one.disconnect();
    other.disconnect();
    Ok(())
}

async fn hears_streams(protocol: Protocol) -> Outcome {
    let mut hub = connect("testhub", protocol).await?;
    equal(items::<String>(&mut hub, "Stream").await, vec!["a".into(), "b".into(), "c".into()])?;
    equal(items::<i32>(&mut hub, "EmptyStream").await, vec![])?;
    hub.disconnect();
    let mut hub = connect("hub", protocol).await?;
    equal(items::<IgnoredAny>(&mut hub, "FiveDates").await.len(), 5)?;
    hub.disconnect();
    Ok(())
}

async fn items<T: 'static + DeserializeOwned + Unpin + Send>(hub: &mut SignalRClient, method: &str) -> Vec<T> {
    hub.enumerate::<T>(method.into()).await.collect().await
}

/// In MessagePack only: in JSON this client takes a result of null for an error.
async fn hears_the_end_of_calls_without_result() -> Outcome {
    let mut hub = connect("echo-bench", Protocol::MessagePack).await?;
    hub.invoke_with_args::<(), _>("Broadcast".into(), |c| {
        c.argument(0);
    })
    .await?;
    hub.disconnect();
    Ok(())
}

async fn check(name: &str, checked: impl Future<Output = Outcome>) {
    let error = match timeout(3 * PATIENCE, checked).await {
        Ok(Ok(())) => String::new(),
        Ok(Err(text)) if text.is_empty() => "failed without a word".into(),
        Ok(Err(text)) => text,
        Err(_) => "took too long".into(),
    };
    println!("verdict {}", serde_json::json!({ "name": format!("signalr-client {name}"), "error": error }));
}

#[tokio::main]
async fn main() {
    for (protocol, name) in [(Protocol::Json, "JSON"), (Protocol::MessagePack, "MessagePack")] {
        check(&format!("with {name} calls and hears results"), calls_and_hears_results(protocol)).await;
        check(&format!("with {name} hears what is sent to it"), hears_what_is_sent_to_it(protocol)).await;
        check(&format!("with {name} reads errors"), reads_errors(protocol)).await;
        check(&format!("with {name} hears broadcasts"), hears_broadcasts(protocol)).await;
        check(&format!("with {name} hears streams"), hears_streams(protocol)).await;
    }
    check("with MessagePack hears the end of calls without result", hears_the_end_of_calls_without_result()).await;
    std::process::exit(0); // whatever a client that was refused has left running
}
