//! A synthetic log as CSV, for readers to read.

use std::io::{self, Write};

use super::{Synth, sample::PLATFORMS};

/// Writes all events with a header, user by user, in constant memory; returns their number. Names hold neither commas nor
/// quotes.
///
/// # Errors
/// Those of `out`.
pub fn write_csv(synth: &Synth, out: &mut impl Write) -> io::Result<u64> {
    writeln!(out, "user,item,domain,kind,time,platform")?;
    let catalogue = synth.catalogue();
    let mut count = 0;
    for event in synth.events() {
        writeln!(
            out,
            "{},{},{},{},{},{}",
            synth.user_name(event.user),
            catalogue.item_name(event.item),
            catalogue.domain_name(catalogue.domain_of(event.item)),
            event.kind.name(),
            event.time,
            PLATFORMS[usize::from(event.platform)],
        )?;
        count += 1;
    }
    Ok(count)
}

/// Writes the items with a header: item, title, domain.
///
/// # Errors
/// Those of `out`.
pub fn write_items_csv(synth: &Synth, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "item,title,domain")?;
    let catalogue = synth.catalogue();
    for item in 0..catalogue.items() {
        let domain = catalogue.domain_name(catalogue.domain_of(item));
        writeln!(out, "{},{},{domain}", catalogue.item_name(item), catalogue.title(item))?;
    }
    Ok(())
}

/// Writes the social edges with a header: user, friend.
///
/// # Errors
/// Those of `out`.
pub fn write_edges_csv(synth: &Synth, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "user,friend")?;
    for user in 0..synth.users() {
        for friend in synth.friends(user) {
            writeln!(out, "{},{}", synth.user_name(user), synth.user_name(friend))?;
        }
    }
    Ok(())
}
