//! Letting go of the files of old releases.
//!
//! First the registry forgets that it has them, in one transaction; then files that no other release has are deleted. A crash
//! in between leaves files behind, which the next time finds: it looks at everything that was ever pruned.

use super::{RegistryError, Releases, store};
use crate::clock;
use contract::{
    registry::release::{Prune, Pruned},
    release::Release,
};
use std::collections::BTreeSet;

/// What was published within a day stays: somebody may be about to roll it out.
const YOUNG: clock::Millis = 24 * 60 * 60 * 1000;

impl Releases {
    /// Prunes as `wish` says, in the name of `who`.
    pub async fn prune(&self, wish: &Prune, who: &str) -> Result<Pruned, RegistryError> {
        if wish.keep < 2 {
            return Err(RegistryError::Wish { field: "keep", message: "At least 2." });
        }
        let now = clock::now();
        let mut db = self.database.write().await?;
        store::lock_manifest(&mut db).await?;
        let (mut pruned, mut stay, mut go) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for app in store::apps(&mut db).await? {
            let asked = wish.app.as_ref().is_none_or(|wanted| *wanted == app);
            let needed = self.needed(&mut db, &app, wish.keep, now - YOUNG).await?;
            for entered in store::releases(&mut db, &app).await? {
                let release: Release = serde_json::from_str(&entered.description)?;
                let hashes = release.files.into_values().map(|file| file.integrity);
                let young = entered.published_at > now - YOUNG;
                if entered.pruned_at.is_none() && (!asked || young || needed.contains(&entered.version)) {
                    stay.extend(hashes);
                    continue;
                }
                go.extend(hashes);
                if entered.pruned_at.is_none() {
                    store::set_pruned(&mut db, &app, &entered.version, now).await?;
                    pruned.push((app.clone(), entered.version));
                }
            }
        }
        let go: Vec<_> = go.difference(&stay).cloned().collect();
        let names = pruned.iter().map(|(app, version)| format!("{app} {version}")).collect();
        if wish.dry_run {
            return Ok(Pruned { releases: names, files: go.len() as u64 });
        }
        db.commit().await?;
        for (app, version) in &pruned {
            self.forget(app, version);
        }
        let mut files = 0;
        for hash in &go {
            files += u64::from(self.files.remove(hash).await?);
        }
        tracing::info!(who, releases = ?names, files, "pruned");
        Ok(Pruned { releases: names, files })
    }

    /// Versions of an app whose files stay.
    async fn needed(
        &self,
        db: &mut sqlx::AnyConnection,
        app: &str,
        keep: u16,
        since: clock::Millis,
    ) -> Result<BTreeSet<String>, RegistryError> {
        let mut needed = BTreeSet::new();
        // However many revisions a day has: a page that was opened yesterday goes on with what it began with.
        let mut kept = store::history(db, app, keep.into()).await?;
        kept.extend(store::live_since(db, app, since).await?);
        for revision in kept {
            needed.insert(revision.version);
            needed.extend(revision.before);
        }
        if let Some(live) = store::live_of(db, app).await? {
            needed.extend(store::fallback(db, &live).await?);
        }
        if let Some(rollout) = store::under_way(db, app).await? {
            needed.extend([rollout.version, rollout.before]);
        }
        Ok(needed)
    }
}
