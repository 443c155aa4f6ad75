//! The corpus as the stand-ins search it: words folded once, ids at hand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::expression::Expression;
use crate::demo::corpus::{Corpus, Database, Holding, Work};
use crate::text::normalise;

/// Whether each work meets a query.
type Met = Arc<Vec<bool>>;

/// The corpus with its indexes.
pub struct Shelves {
    pub corpus: Corpus,
    /// By work: the words of title and abstract.
    pub shown: Vec<Vec<String>>,
    /// By work: those and the keywords and index terms.
    pub indexed: Vec<Vec<String>>,
    /// By document: the words of title, description and text.
    pub documents: Vec<Vec<String>>,
    by_doi: HashMap<String, usize>,
    cited_by: Vec<Vec<usize>>,
    /// Queries read before: which works meet them. Every page of a search asks the same.
    met: Mutex<HashMap<(String, bool), Met>>,
}

impl Shelves {
    /// Indexes a corpus.
    pub fn of(corpus: &Corpus) -> Self {
        let works = &corpus.works;
        let shown = |work: &Work| {
            normalise::words(&format!("{} . {}", work.title, work.abstract_text.as_deref().unwrap_or_default()))
        };
        let mut cited_by = vec![Vec::new(); works.len()];
        for work in works {
            for cited in &work.cites {
                cited_by[*cited].push(work.number);
            }
        }
        Self {
            shown: works.iter().map(shown).collect(),
            indexed: works.iter().map(|work| normalise::words(&work.indexed_text())).collect(),
            documents: corpus
                .documents
                .iter()
                .map(|document| normalise::words(&format!("{} . {}", document.title, document.description)))
                .collect(),
            by_doi: works.iter().map(|work| (work.doi.clone(), work.number)).collect(),
            cited_by,
            met: Mutex::default(),
            corpus: corpus.clone(),
        }
    }

    /// Whether each work meets a query, by number: in all that is indexed, or with `shown_only` in
    /// titles and abstracts, where endings of words do not matter.
    pub fn meeting(&self, query: &str, shown_only: bool) -> Met {
        let key = (query.to_owned(), shown_only);
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let found = met.entry(key).or_insert_with(|| {
            let expression = Expression::read(query);
            let texts = if shown_only { &self.shown } else { &self.indexed };
            Arc::new(texts.iter().map(|words| expression.matches(words, shown_only)).collect())
        });
        Arc::clone(found)
    }

    /// The work of that DOI, where a database holds it.
    pub fn by_doi(&self, doi: &str, database: Database) -> Option<(&Work, &Holding)> {
        let doi = crate::ids::normal_doi(doi)?;
        let work = &self.corpus.works[*self.by_doi.get(&doi)?];
        Some((work, work.holding(database)?))
    }

    /// All that a database holds.
    pub fn held(&self, database: Database) -> impl Iterator<Item = (&Work, &Holding)> {
        self.corpus.works.iter().filter_map(move |work| Some((work, work.holding(database)?)))
    }

    /// Numbers of the works that cite a work.
    pub fn citing(&self, number: usize) -> &[usize] {
        self.cited_by.get(number).map_or(&[], Vec::as_slice)
    }
}
