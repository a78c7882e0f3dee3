//! The heartbeat's plan on DynamoDB Local: one plans, and each beat is one's alone.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use parlor::aws::DynamoTable;
use parlor::protocol::Timestamp;
use parlor::store::{HeartbeatPlan, PlannerLease};
use parlor::system::{OsRandom, SystemClock};
use real_servers::DynamoDbLocal;

use crate::servers::dynamo;

fn second(seconds: i64) -> Timestamp {
    Timestamp::from_secs(1_000_000_000 + seconds)
}

async fn table() -> DynamoTable {
    let server = DynamoDbLocal::shared().await;
    let name = server.make_table().await;
    DynamoTable::new(dynamo(server), name, Arc::new(SystemClock), Arc::new(OsRandom))
}

#[tokio::test]
#[ignore = "needs Java and DynamoDB Local: cargo xtask e2e"]
async fn of_many_who_plan_at_once_one_does_and_the_plan_is_known() {
    let table = table().await;
    let plan = HeartbeatPlan { table: &table, interval: Duration::from_secs(10) };
    assert_eq!(plan.planned_until().await.unwrap(), None);
    let leases = join_all((0..8).map(|_| plan.lease(second(0)))).await;
    let busy = leases.into_iter().filter(|lease| *lease.as_ref().unwrap() == PlannerLease::Busy).count();
    assert_eq!(busy, 7);
    plan.release(Some(second(120))).await.unwrap();
    assert_eq!(plan.lease(second(1)).await.unwrap(), PlannerLease::Granted(Some(second(120))));
    let other = HeartbeatPlan { table: &table, interval: Duration::from_secs(5) };
    assert_eq!(other.planned_until().await.unwrap(), None, "a plan for another interval counts for nothing");
}

#[tokio::test]
#[ignore = "needs Java and DynamoDB Local: cargo xtask e2e"]
async fn of_many_who_claim_a_beat_one_gets_it_and_earlier_ones_are_over() {
    let table = table().await;
    let plan = HeartbeatPlan { table: &table, interval: Duration::from_secs(10) };
    for beat in [10, 20] {
        let claims = join_all((0..8).map(|_| plan.claim(second(beat)))).await;
        assert_eq!(claims.into_iter().filter(|claim| *claim.as_ref().unwrap()).count(), 1);
    }
    assert!(!plan.claim(second(10)).await.unwrap());
}
