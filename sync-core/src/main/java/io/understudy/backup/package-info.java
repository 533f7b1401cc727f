/**
 * Decides when a session is backed up, and gives the reason when it is not.
 *
 * <p>{@link io.understudy.backup.BackupConfig} holds the settings: a policy (normal, quick,
 * delayed, never), rules that override it, options. {@link io.understudy.backup.BackupGate}
 * compiles them and answers, for one session and what just happened to it: back up, not yet, never,
 * withdraw; each of the last three with a {@link io.understudy.backup.BackupReason}. It is asked at
 * every change of a session's state, at the time it named itself, and by the paced scan that
 * follows new settings.
 *
 * <p>Left to others: publishing (the session table), who is allowed to create (roles), walking the
 * table for a scan, and the flags of a session that only the dataplane knows (inspection, tunnels,
 * helpers).
 *
 * <p>The gate runs in whichever dataplane thread tracks the session, keeps nothing and allocates
 * nothing. {@link io.understudy.backup.BackupCounters} may be used by all of them, {@link
 * io.understudy.backup.AdaptiveMode} runs in the duty cycle.
 *
 * <p>Read first: {@link io.understudy.backup.BackupGate}.
 */
package io.understudy.backup;
