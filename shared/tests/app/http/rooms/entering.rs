//! Rooms are made, found, entered and left.

use futures_util::future::join_all;
use serde_json::json;

use super::people::{account, ask, bench, done, guest, refused, site_admin};

#[tokio::test]
async fn a_room_is_made_as_its_clients_expect() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    let body = json!({"name": " Movie  night ", "code": "Movie-Night"});
    let (status, made) = ask(&bench, &ann, "POST", "/api/rooms/create/", body.clone()).await;
    assert_eq!(status, 201);
    assert_eq!(
        made,
        json!({"room_id": "Movie-Night", "code": "Movie-Night", "name": "Movie night", "is_private": false, "entry_mode": "OPEN"})
    );
    let again = refused(&bench, &ann, "POST", "/api/rooms/", json!({"code": "movie-night"})).await;
    assert_eq!(again, (409, "CODE_TAKEN".into()));
    let reserved = refused(&bench, &ann, "POST", "/api/rooms/", json!({"code": "lobby"})).await;
    assert_eq!(reserved, (400, "INVALID_INPUT".into()));
    let generated = done(&bench, &ann, "POST", "/api/rooms/", json!(null)).await;
    assert_eq!(generated["code"].as_str().unwrap().len(), 6);
    assert_eq!(generated["name"], "ann's room");
    let private = done(&bench, &ann, "POST", "/api/rooms/", json!({"is_private": true})).await;
    assert_eq!(private["entry_mode"], "APPROVAL");
}

#[tokio::test]
async fn a_generated_password_is_told_once_and_lets_people_in() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, guest(&bench, "Bob").await);
    let made =
        done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den", "entry_mode": "PASSWORD"})).await;
    let password = made["room_password"].as_str().unwrap();
    let details = done(&bench, &ann, "GET", "/api/rooms/den/", json!(null)).await;
    assert!(details.get("room_password").is_none() && !details.to_string().contains(password));
    let join = |body| refused(&bench, &bob, "POST", "/api/rooms/join/", body);
    assert_eq!(join(json!({"code": "den"})).await, (403, "PASSWORD_REQUIRED".into()));
    assert_eq!(join(json!({"code": "den", "password": "wrong"})).await, (403, "WRONG_PASSWORD".into()));
    let body = json!({"room_id": "DEN", "password": password});
    let joined = done(&bench, &bob, "POST", "/api/rooms/join/", body).await;
    assert_eq!(joined, json!({"room_id": "den", "code": "den", "status": "APPROVED", "is_host": false}));
    let again = done(&bench, &bob, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    assert_eq!(again["status"], "APPROVED");
}

#[tokio::test]
async fn an_applicant_waits_until_the_host_decides() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    let (bob, eve) = (account(&bench, "bob").await, account(&bench, "eve").await);
    let made = done(&bench, &ann, "POST", "/api/rooms/", json!({"is_private": true, "name": "Den"})).await;
    let code = made["code"].as_str().unwrap();
    let details = format!("/api/rooms/{code}/");
    assert_eq!(refused(&bench, &bob, "GET", &details, json!(null)).await, (403, "NOT_APPROVED".into()));
    for who in [&bob, &eve] {
        let joined = done(&bench, who, "POST", "/api/rooms/join/", json!({"code": code})).await;
        assert_eq!(joined["status"], "PENDING");
    }
    let waiting = done(&bench, &bob, "GET", &details, json!(null)).await;
    assert_eq!((&waiting["status"], &waiting["last_id"]), (&json!("PENDING"), &json!(0)));
    let pending = format!("/api/rooms/{code}/participants/?status=PENDING");
    let listed = done(&bench, &ann, "GET", &pending, json!(null)).await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let approve = json!({"room_id": code, "user_id": bob.id});
    assert_eq!(
        done(&bench, &ann, "POST", "/api/rooms/approve/", approve.clone()).await,
        json!({"approved": true})
    );
    assert_eq!(refused(&bench, &eve, "POST", "/api/rooms/approve/", approve).await.1, "NOT_APPROVED");
    let deny = json!({"room_id": code, "user_id": eve.id.to_string(), "approve": "false"});
    assert_eq!(done(&bench, &ann, "POST", "/api/rooms/approve/", deny).await, json!({"approved": false}));
    let again = refused(&bench, &eve, "POST", "/api/rooms/join/", json!({"code": code})).await;
    assert_eq!(again, (403, "DENIED".into()));
    assert_eq!(done(&bench, &bob, "GET", &details, json!(null)).await["status"], "APPROVED");
}

#[tokio::test]
async fn an_invitation_lets_as_many_people_in_as_it_says() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den", "entry_mode": "APPROVAL"})).await;
    let url = "/api/rooms/den/invitations/";
    let made = done(&bench, &ann, "POST", url, json!({"uses": 1, "expires_in": 60})).await;
    let token = made["token"].as_str().unwrap();
    let listed = done(&bench, &ann, "GET", url, json!(null)).await;
    assert!(!listed.to_string().contains(token) && listed[0]["used"] == 0);
    let (bob, eve) = (guest(&bench, "Bob").await, guest(&bench, "Eve").await);
    let with = json!({"invitation": token});
    assert_eq!(done(&bench, &bob, "POST", "/api/rooms/join/", with.clone()).await["status"], "APPROVED");
    let spent = refused(&bench, &eve, "POST", "/api/rooms/join/", with).await;
    assert_eq!(spent, (410, "INVITATION_EXPIRED".into()));
    let another = done(&bench, &ann, "POST", url, json!(null)).await;
    let id = another["id"].as_str().unwrap();
    done(&bench, &ann, "DELETE", &format!("{url}{id}/"), json!(null)).await;
    let ended = json!({"invitation": another["token"]});
    assert_eq!(refused(&bench, &eve, "POST", "/api/rooms/join/", ended).await.1, "INVITATION_EXPIRED");
}

#[tokio::test]
async fn a_full_room_takes_nobody_until_somebody_leaves() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    done(&bench, &ann, "PATCH", "/api/rooms/den/", json!({"capacity": 2})).await;
    let (bob, eve) = (guest(&bench, "Bob").await, guest(&bench, "Eve").await);
    let join = json!({"code": "den"});
    done(&bench, &bob, "POST", "/api/rooms/join/", join.clone()).await;
    assert_eq!(
        refused(&bench, &eve, "POST", "/api/rooms/join/", join.clone()).await,
        (403, "ROOM_FULL".into())
    );
    done(&bench, &bob, "POST", "/api/rooms/den/leave/", json!(null)).await;
    done(&bench, &eve, "POST", "/api/rooms/join/", join).await;
    let details = done(&bench, &ann, "GET", "/api/rooms/den/", json!(null)).await;
    assert_eq!(details["members_count"], 2);
}

#[tokio::test]
async fn two_anns_are_told_apart_while_both_are_members() {
    let bench = bench();
    let host = account(&bench, "host").await;
    done(&bench, &host, "POST", "/api/rooms/", json!({"code": "den"})).await;
    let mut anns = Vec::new();
    for name in ["Ann", "ANN", "Ａnn"] {
        let ann = guest(&bench, name).await;
        done(&bench, &ann, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
        anns.push(ann);
    }
    let url = "/api/rooms/den/participants/";
    let names = |people: &serde_json::Value| -> Vec<String> {
        let people = people.as_array().unwrap().iter();
        people.map(|person| person["display_name"].as_str().unwrap().to_owned()).collect()
    };
    let people = done(&bench, &host, "GET", url, json!(null)).await;
    assert_eq!(names(&people), ["host", "Ann", "ANN (2)", "Ａnn (3)"]);
    done(&bench, &anns[0], "POST", "/api/rooms/den/leave/", json!(null)).await;
    let ann = guest(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    let people = done(&bench, &host, "GET", url, json!(null)).await;
    assert!(names(&people).contains(&"ann".to_owned()), "{people}");
}

#[tokio::test]
async fn a_host_who_leaves_hands_over_and_alone_stays() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    let leave = "/api/rooms/den/leave/";
    assert_eq!(refused(&bench, &ann, "POST", leave, json!(null)).await, (409, "CONFLICT".into()));
    done(&bench, &bob, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    done(&bench, &ann, "POST", leave, json!(null)).await;
    let details = done(&bench, &bob, "GET", "/api/rooms/den/", json!(null)).await;
    assert_eq!((&details["host"], &details["is_host"]), (&json!("bob"), &json!(true)));
    // It is his now, to close it too.
    done(&bench, &bob, "DELETE", "/api/rooms/den/", json!(null)).await;
}

#[tokio::test]
async fn a_closed_room_is_gone_and_its_code_stays_taken() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    let closed = done(&bench, &ann, "POST", "/api/rooms/delete/", json!({"room_id": "den"})).await;
    assert_eq!(closed, json!({"status": "room_deleted"}));
    assert_eq!(
        refused(&bench, &ann, "GET", "/api/rooms/den/", json!(null)).await,
        (410, "ROOM_CLOSED".into())
    );
    let again = refused(&bench, &ann, "POST", "/api/rooms/", json!({"code": "DEN"})).await;
    assert_eq!(again, (409, "CODE_TAKEN".into()));
    assert_eq!(done(&bench, &ann, "GET", "/api/rooms/", json!(null)).await, json!([]));
    assert_eq!(done(&bench, &ann, "GET", "/api/rooms/public/", json!(null)).await, json!([]));
}

#[tokio::test]
async fn public_rooms_are_listed_the_newest_first_and_private_ones_are_not() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    for code in ["one", "two", "three"] {
        done(&bench, &ann, "POST", "/api/rooms/", json!({"code": code})).await;
    }
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "secret", "is_private": true})).await;
    done(&bench, &ann, "PATCH", "/api/rooms/two/", json!({"is_private": true})).await;
    let listed = done(&bench, &ann, "GET", "/api/rooms/public/", json!(null)).await;
    let codes: Vec<&str> =
        listed.as_array().unwrap().iter().map(|room| room["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 2, "{listed}");
    assert!(codes.contains(&"one") && codes.contains(&"three"));
    assert_eq!((&listed[0]["host"], &listed[0]["viewers"]), (&json!("ann"), &json!(0)));
    let mine = done(&bench, &ann, "GET", "/api/rooms/", json!(null)).await;
    assert_eq!(mine.as_array().unwrap().len(), 4);
    assert_eq!(mine[0]["is_host"], true);
}

#[tokio::test]
async fn admins_find_every_room_by_the_beginning_of_its_code_closed_ones_too_but_no_conversation() {
    let bench = bench();
    let (ann, root) = (account(&bench, "ann").await, site_admin(&bench).await);
    for code in ["Kino-1", "kino-2", "other"] {
        done(&bench, &ann, "POST", "/api/rooms/", json!({"code": code, "is_private": true})).await;
    }
    done(&bench, &ann, "DELETE", "/api/rooms/kino-2/", json!(null)).await;
    let found = done(&bench, &root, "GET", "/api/admin/rooms/?q=KINO", json!(null)).await;
    let seen: Vec<_> =
        found.as_array().unwrap().iter().map(|room| (room["code"].clone(), room["state"].clone())).collect();
    assert_eq!(seen, [(json!("Kino-1"), json!("ACTIVE")), (json!("kino-2"), json!("CLOSED"))]);
    assert_eq!((&found[0]["host"], &found[0]["members_count"]), (&json!("ann"), &json!(1)));
    let page = done(&bench, &root, "GET", "/api/admin/rooms/?limit=1", json!(null)).await;
    assert_eq!(page.as_array().unwrap().len(), 1);
    let looked_into = done(&bench, &root, "GET", "/api/rooms/kino-1/", json!(null)).await;
    assert_eq!(looked_into["name"], "ann's room");
    done(&bench, &root, "DELETE", "/api/rooms/kino-1/", json!(null)).await;
}

#[tokio::test]
async fn whoever_has_used_an_invitation_may_use_it_again_and_of_many_at_once_no_more_than_it_says() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    let made = json!({"code": "den", "is_private": true});
    done(&bench, &ann, "POST", "/api/rooms/", made).await;
    let invite = done(&bench, &ann, "POST", "/api/rooms/den/invitations/", json!({"uses": 2})).await;
    let with = json!({"invitation": invite["token"]});
    let names = ["bob", "cid", "dan", "eve", "fay", "gus"];
    let people = join_all(names.map(|name| account(&bench, name))).await;
    let came =
        join_all(people.iter().map(|who| ask(&bench, who, "POST", "/api/rooms/join/", with.clone()))).await;
    let answers: Vec<_> =
        came.iter().map(|(status, body)| (*status, body["code"].as_str().unwrap())).collect();
    assert_eq!(answers.iter().filter(|answer| **answer == (200, "den")).count(), 2, "{answers:?}");
    assert_eq!(
        answers.iter().filter(|answer| **answer == (410, "INVITATION_EXPIRED")).count(),
        4,
        "{answers:?}"
    );
    for (who, (status, _)) in people.iter().zip(came) {
        let (again, body) = ask(&bench, who, "POST", "/api/rooms/join/", with.clone()).await;
        assert_eq!(again, status, "{body}");
        if status == 200 {
            assert_eq!(body["status"], "APPROVED");
        }
    }
}
