use super::*;

fn table(kind: TableKind, name: &str, columns: &[&str]) -> FilePlan {
    FilePlan { name: name.to_owned(), table: kind, ..plan(columns) }
}

#[test]
fn items_are_joined_whatever_the_order_of_files() {
    let items = table(TableKind::Items, "items.csv", &["item", "title", "domain"]);
    let listed = b"a,Apple,fruit\nb,,\nc,Cup,\na,Other,tree\nz,Zebra,animal\n,x,y\n".as_slice();
    let log = b"u,a,1\nu,b,2\nu,c,3\nu,d,4\n".as_slice();
    for files in [[(items.clone(), listed), (simple(), log)], [(simple(), log), (items.clone(), listed)]] {
        let raw = load(&files, 7).unwrap();
        assert_eq!(events(&raw), ["u a fruit purchase 1", "u b - purchase 2", "u c - purchase 3", "u d - purchase 4"]);
        assert_eq!(
            (raw.log.items.title(0), raw.log.items.title(1), raw.log.items.title(2)),
            (Some("Apple"), None, Some("Cup"))
        );
        // What no event names is in no list of the log.
        assert_eq!((raw.log.items.len(), raw.log.domains.len()), (4, 1));
        let file = usize::from(raw.files[0].name != "items.csv");
        assert_eq!((raw.files[file].rows, raw.files[file].rejected.total(), raw.files[file].events), (6, 1, 0));
        let joined = Note::new("items.joined").with("joined", 3).with("items", 4).with("listed", 4);
        assert_eq!(note(&raw, "items.joined"), Some(&joined));
        assert_eq!(note(&raw, "items.several_domains"), Some(&Note::new("items.several_domains").with("items", 1)));
    }
}

#[test]
fn the_domain_of_an_event_outweighs_that_of_the_table() {
    let items = table(TableKind::Items, "items.csv", &["item", "domain"]);
    let raw = load(
        &[(plan(&["user", "item", "time", "domain"]), b"u,a,1,own\nu,b,2,\n"), (items, b"a,listed\nb,listed\n")],
        99,
    );
    assert_eq!(events(&raw.unwrap()), ["u a own purchase 1", "u b listed purchase 2"]);
}

#[test]
fn of_movielens_genres_the_first_is_the_domain() {
    let mut items = table(TableKind::Items, "movies.dat", &["item", "title", "domain"]);
    (items.preset, items.delimiter) = (Preset::MovieLens, "::".to_owned());
    let movies = "1::Toy Story (1995)::Animation|Children's\n2::\"Odd\" One::(no genres listed)\n".as_bytes();
    let raw = load(&[(items, movies), (simple(), b"u,1,1\nu,2,2\n")], 99).unwrap();
    assert_eq!(events(&raw), ["u 1 Animation purchase 1", "u 2 - purchase 2"]);
    assert!(note(&raw, "items.first_genre").is_some());
}

#[test]
fn of_retailrocket_properties_the_latest_category_is_the_domain() {
    let mut items = table(TableKind::Items, "item_properties.csv", &["time", "item", "property", "value"]);
    (items.preset, items.time_format) = (Preset::RetailRocket, TimeFormat::Milliseconds);
    let rows =
        b"5000,a,categoryid,new\n1000,a,categoryid,old\n9000,a,790,n5\nx,a,categoryid,bad\n2000,c,categoryid,7\n";
    let raw = load(&[(items, rows), (simple(), b"u,a,1\nu,b,2\n")], 99).unwrap();
    assert_eq!(events(&raw), ["u a new purchase 1", "u b - purchase 2"]);
    assert_eq!((raw.files[0].rows, raw.files[0].rejected.total()), (5, 1));
    assert_eq!(rejected(&raw), ["bad_time 4 1"]);
}

#[test]
fn edges_join_users_that_have_events() {
    let edges = table(TableKind::Edges, "trust.csv", &["user", "friend"]);
    let rows = b"u,v\nv,u\nu,stranger\nu,\n,v\n".as_slice();
    for files in
        [[(edges.clone(), rows), (simple(), b"u,a,1\nv,a,2\n")], [(simple(), b"u,a,1\nv,a,2\n"), (edges, rows)]]
    {
        let raw = load(&files, 3).unwrap();
        assert_eq!((raw.log.edges.as_slice(), raw.log.users.len()), ([(0, 1), (1, 0)].as_slice(), 2));
        assert_eq!(rejected(&raw), ["missing_user 4 2", "missing_user 5 1"]);
        assert_eq!(note(&raw, "edges.strangers"), Some(&Note::new("edges.strangers").with("edges", 1).with("all", 3)));
    }
}

#[test]
fn tables_without_what_they_are_for_are_refused() {
    for (kind, columns) in
        [(TableKind::Items, &["domain"][..]), (TableKind::Items, &["item"][..]), (TableKind::Edges, &["user"][..])]
    {
        assert!(matches!(Loader::new().begin(table(kind, "t", columns)), Err(Error::Columns { .. })), "{columns:?}");
    }
    let ignored = table(TableKind::Ignore, "x.bin", &[]);
    let raw = load(&[(ignored, b"\0\0\0"), (simple(), b"u,i,1\n")], 2).unwrap();
    assert_eq!((raw.files[0].rows, raw.files[0].bytes, raw.log.len()), (0, 3, 1));
    let items = table(TableKind::Items, "items.csv", &["item", "domain"]);
    assert!(matches!(load(&[(items, b"a,b\n")], 9), Err(Error::Columns { place, .. }) if place.file == "items.csv"));
}
