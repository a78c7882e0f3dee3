//! How processes are kept, replaced and ended.

use std::sync::Arc;
use std::time::Duration;

use emulator::lambda::{InvokeError, Invoker as _, RuntimeLimits};
use parlor::ports::Clock as _;
use parlor::testing::SettableClock;
use serde_json::json;

use crate::support::{Hosted, Setting};

#[tokio::test]
async fn a_warm_process_is_used_again() {
    let hosted = Hosted::new();
    let first = hosted.pid("one").await;
    assert_eq!(hosted.pid("one").await, first);
    assert_ne!(hosted.pid("two").await, first);
    assert_eq!(hosted.host.processes(), 2);
}

#[tokio::test]
async fn invocations_at_the_same_time_have_processes_of_their_own() {
    let (hosted, folder) = (Hosted::new(), tempfile::tempdir().unwrap());
    let meet = json!({ "do": "meet", "folder": folder.path(), "count": 3 });
    let calls = [(); 3].map(|()| hosted.order("one", meet.clone()));
    let answers = futures_util::future::join_all(calls).await;
    let mut pids: Vec<_> = answers.into_iter().map(|answer| answer.unwrap()["pid"].as_u64()).collect();
    pids.sort_unstable();
    pids.dedup();
    assert_eq!((pids.len(), hosted.host.processes()), (3, 3));
}

#[tokio::test]
async fn a_process_that_ends_is_an_exit_error_and_the_next_one_is_fresh() {
    let hosted = Hosted::new();
    let first = hosted.pid("one").await;
    let failure = hosted.failure(json!({ "do": "exit" })).await;
    assert_eq!(failure.error_type, "Runtime.ExitError");
    assert!(failure.error_message.ends_with("Runtime exited with error: exit status 3"), "{failure:?}");
    assert_ne!(hosted.pid("one").await, first);
    assert_eq!(hosted.host.processes(), 1);
}

#[tokio::test]
async fn a_handlers_error_is_told_and_the_process_stays() {
    let hosted = Hosted::new();
    let first = hosted.pid("one").await;
    let failure = hosted.failure(json!({ "do": "fail", "message": "no milk" })).await;
    assert_eq!((&*failure.error_type, &*failure.error_message), ("Sample.Error", "no milk"));
    let failure = hosted.failure(json!({ "do": "panic" })).await;
    assert!(failure.error_message.contains("as ordered"), "{failure:?}");
    assert_eq!(hosted.pid("one").await, first);
}

#[tokio::test]
async fn a_process_that_takes_too_long_is_killed() {
    let timeout = Duration::from_millis(1500);
    let hosted = Hosted::with(Setting { timeout, ..Setting::default() });
    let first = hosted.pid("one").await;
    let failure = hosted.failure(json!({ "do": "hang" })).await;
    assert_eq!(failure.error_type, "Sandbox.Timedout");
    assert!(failure.error_message.ends_with("Task timed out after 1.50 seconds"), "{failure:?}");
    assert_ne!(hosted.pid("one").await, first);
    assert_eq!(hosted.host.processes(), 1);
}

#[tokio::test]
async fn a_process_that_cannot_start_says_why() {
    let init = |order: &str| Setting {
        environment: [("SAMPLE_INIT".to_owned(), order.to_owned())].into(),
        ..Setting::default()
    };
    let failure = Hosted::with(init("report")).failure(json!({})).await;
    assert_eq!((&*failure.error_type, &*failure.error_message), ("Sample.InitError", "no start, as ordered"));
    let failure = Hosted::with(init("exit")).failure(json!({})).await;
    assert_eq!(failure.error_type, "Runtime.ExitError");
    assert!(failure.error_message.ends_with("exit status 4"), "{failure:?}");
}

#[tokio::test]
async fn answers_may_be_6_megabytes_and_no_more() {
    let hosted = Hosted::new();
    let big = |bytes: usize| json!({ "do": "big", "bytes": bytes });
    let answer = hosted.order("one", big(6_000_000)).await.unwrap();
    assert_eq!(answer.as_str().unwrap().len(), 6_000_000);
    assert_eq!(hosted.failure(big(6_300_000)).await.error_type, "Function.ResponseSizeTooLarge");
    assert_eq!(hosted.order("one", big(1)).await.unwrap(), "x");
}

#[tokio::test]
async fn a_function_that_is_not_there_is_no_function() {
    let hosted = Hosted::new();
    let answer = hosted.host.invoke("three", "{}".into()).await;
    assert!(matches!(answer, Err(InvokeError::NoSuchFunction(name)) if name == "three"));
}

#[tokio::test]
async fn a_function_learns_what_lambda_tells() {
    let hosted = Hosted::new();
    let context = hosted.order("one", json!({ "do": "context" })).await.unwrap();
    assert_eq!(context["invoked_function_arn"], "arn:aws:lambda:us-east-1:000000000000:function:one");
    assert!(context["xray_trace_id"].as_str().unwrap().starts_with("Root=1-"));
    assert!(context["deadline"].as_u64().unwrap() > 0);
    let environment = hosted.order("one", json!({ "do": "environment" })).await.unwrap();
    let expected = [
        ("AWS_LAMBDA_FUNCTION_NAME", "one"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
    ];
    for (name, value) in expected {
        assert_eq!(environment[name], value, "{name}");
    }
}

#[tokio::test]
async fn processes_without_work_make_room_for_others() {
    let limits = RuntimeLimits { processes: 1, ..Setting::default().limits };
    let hosted = Hosted::with(Setting { limits, ..Setting::default() });
    let first = hosted.pid("one").await;
    hosted.pid("two").await;
    assert_eq!(hosted.host.processes(), 1);
    assert_ne!(hosted.pid("one").await, first);
}

#[tokio::test]
async fn more_than_may_run_wait_and_more_than_may_wait_are_throttled() {
    let limits = RuntimeLimits { processes: 1, waiting: 1, ..Setting::default().limits };
    let hosted = Hosted::with(Setting { limits, ..Setting::default() });
    let folder = tempfile::tempdir().unwrap();
    let meet = json!({ "do": "meet", "folder": folder.path(), "count": 2 });
    // The first one runs until somebody else has come to the folder, and the second one waits for it.
    let calls = [(); 3].map(|()| hosted.order("one", meet.clone()));
    let arrival = async {
        // They are polled in order: by now all three have been asked.
        std::fs::write(folder.path().join("somebody"), "").unwrap();
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(calls), arrival);
    let throttled = |answer: &Result<_, InvokeError>| matches!(answer, Err(InvokeError::Failed(failure)) if failure.error_type == "TooManyRequestsException");
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2);
    assert_eq!(answers.iter().filter(|answer| throttled(answer)).count(), 1);
}

#[tokio::test]
async fn a_process_without_work_is_ended_after_a_while() {
    let clock = Arc::new(SettableClock::default());
    let hosted = Hosted::with(Setting { clock: clock.clone(), ..Setting::default() });
    hosted.pid("one").await;
    assert_eq!(hosted.host.processes(), 1);
    let ended = async {
        while hosted.host.processes() > 0 {
            clock.advance(Duration::from_secs(20));
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended).await.expect("it should have ended");
    assert!(clock.now().as_secs() > 0);
}
