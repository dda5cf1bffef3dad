//! How many users each segment has in each window, and how many go from one to another.

/// Counts by window. The last place, after all segments, is being away: no event with a domain in that window.
pub(super) struct Flows {
    windows: usize,
    /// Segments and the place of those who are away.
    places: usize,
    counts: Vec<f64>,
    members: Vec<f64>,
    users: f64,
}

impl Flows {
    pub fn new(windows: usize, segments: usize) -> Flows {
        let places = segments + 1;
        let counts = vec![0.0; windows.saturating_sub(1) * places * places];
        Flows { windows, places, counts, members: vec![0.0; windows * segments], users: 0.0 }
    }

    /// Adds a user by the segment of each active window, earliest first.
    pub fn add(&mut self, active: &[(usize, usize)]) {
        self.users += f64::from(u8::from(!active.is_empty()));
        let away = self.places - 1;
        let mut earlier: Option<(usize, usize)> = None;
        for (place, &(window, segment)) in active.iter().enumerate() {
            self.members[window * away + segment] += 1.0;
            let from = earlier.filter(|(other, _)| other + 1 == window).map_or(away, |(_, segment)| segment);
            if window > 0 {
                self.count(window - 1, from, segment);
            }
            let next = active.get(place + 1).map(|(next, _)| *next);
            if next != Some(window + 1) && window + 1 < self.windows {
                self.count(window, segment, away);
            }
            earlier = Some((window, segment));
        }
    }

    fn count(&mut self, window: usize, from: usize, to: usize) {
        self.counts[(window * self.places + from) * self.places + to] += 1.0;
    }

    /// Flows between consecutive windows, (windows − 1) × places × places, and members, windows × segments.
    pub fn finish(mut self) -> (Vec<f64>, Vec<f64>) {
        let cells = self.places * self.places;
        for step in self.counts.chunks_mut(cells) {
            // Whoever is in no other flow was away and stays away.
            let counted: f64 = step.iter().sum();
            if let Some(last) = step.last_mut() {
                *last = self.users - counted;
            }
        }
        (self.counts, self.members)
    }
}
