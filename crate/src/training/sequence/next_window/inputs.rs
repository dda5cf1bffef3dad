//! Users' pasts as matrices.

use burn::tensor::{Device, Tensor, TensorData};

use super::past::{Session, past};
use crate::{
    Result,
    event::Log,
    nn::{ForecasterInputs, Sparse},
    training::{History, Prior, sequence::Vocabulary},
};

/// Added to the attention to places that are no past.
const HIDDEN: f32 = -1e4;
/// Kept from 0, since its logarithm is taken.
const FLOOR: f64 = 1e-9;

/// Everything that pasts are looked up in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub log: &'a Log,
    pub history: &'a History,
    pub prior: &'a Prior,
    pub vocabulary: &'a Vocabulary,
    /// Sessions of a user that are looked at.
    pub length: usize,
}

impl Source<'_> {
    /// The matrices of (user, window) pairs.
    ///
    /// # Errors
    /// As [`Sparse::new`].
    pub fn inputs(&self, requests: &[(u32, usize)], device: &Device) -> Result<ForecasterInputs> {
        let Source { log, history, prior, vocabulary, .. } = *self;
        let pasts: Vec<Vec<Session>> =
            requests.iter().map(|&(user, window)| past(log, history, user, window, self.length)).collect();
        let length = pasts.iter().map(Vec::len).max().unwrap_or(0) + 1;
        let (batch, domains, width) = (requests.len(), history.domains(), vocabulary.relations());
        let mut tokens: Vec<Vec<(u32, f32)>> = Vec::with_capacity(batch * length);
        let mut hidden = vec![HIDDEN; batch * length];
        let mut shares = vec![0.0; batch * length * domains];
        let mut relations = vec![0.0; batch * length * length * width];
        let mut recalled = vec![0.0; batch * length * width];
        let mut priors = Vec::with_capacity(batch * domains);
        let mut queries = Vec::with_capacity(batch);
        for (row, (sessions, &(user, window))) in pasts.iter().zip(requests).enumerate() {
            let now = history.windows().start(window) as f64;
            let time = |place: usize| sessions.get(place).map_or(now, |session| f64::from(session.time));
            for (place, session) in sessions.iter().enumerate() {
                hidden[row * length + place] = 0.0;
                for &(domain, events) in &session.domains {
                    shares[(row * length + place) * domains + domain as usize] = events / session.events;
                }
            }
            for place in 0..=sessions.len() {
                let mut list = sessions.get(place).map_or_else(Vec::new, |session| made_of(vocabulary, session));
                if let Some(before) = place.checked_sub(1) {
                    list.extend(vocabulary.gap(time(place) - time(before)));
                }
                tokens.push(list);
                for before in 0..=place {
                    let at = ((row * length + place) * length + before) * width;
                    let out = &mut relations[at..at + width];
                    vocabulary.relate(place - before, time(place) - time(before), out);
                }
            }
            tokens.resize_with((row + 1) * length, Vec::new);
            queries.push((row * length + sessions.len()) as u32);
            let from = (row * length + sessions.len()) * length * width;
            let own = row * length * width..(row + 1) * length * width;
            recalled[own].copy_from_slice(&relations[from..from + length * width]);
            priors.extend(prior.shares(history, user, window).into_iter().map(|share| (share + FLOOR) as f32));
        }
        let matrix = |values: Vec<f32>, size: [usize; 2]| Tensor::<2>::from_data(TensorData::new(values, size), device);
        let cube = |values: Vec<f32>, size: [usize; 3]| Tensor::<3>::from_data(TensorData::new(values, size), device);
        let all: Vec<u32> = (0..domains as u32).collect();
        Ok(ForecasterInputs {
            tokens: Sparse::pool(tokens, vocabulary.rows(), device)?,
            length,
            relations: cube(relations, [batch, length * length, width]),
            queries: Sparse::gather(&queries, batch * length, device)?,
            recalled: matrix(recalled, [batch * length, width]),
            hidden: matrix(hidden, [batch, length]),
            shares: cube(shares, [batch, length, domains]),
            prior: matrix(priors, [batch, domains]),
            domains: Sparse::gather(&all, vocabulary.rows(), device)?,
        })
    }
}

/// A session's embedding: its domains and kinds, each counting by its share times the root of the number of events.
fn made_of(vocabulary: &Vocabulary, session: &Session) -> Vec<(u32, f32)> {
    let scale = 1.0 / session.events.sqrt();
    let mut list: Vec<(u32, f32)> = Vec::new();
    for &(domain, events) in &session.domains {
        list.extend(vocabulary.item(domain).map(|(row, weight)| (row, weight * events * scale)));
    }
    for &(kind, events) in &session.kinds {
        list.extend(vocabulary.kind(kind).map(|(row, weight)| (row, weight * events * scale)));
    }
    list
}
