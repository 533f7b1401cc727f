package io.understudy.backup;

/** What the gate may answer. */
public enum BackupAnswer {
  /** The session is backed up from now on. */
  BACK_UP,
  /** Not now: the gate is to be asked again at the next event, or by a time. */
  NOT_YET,
  /** Not as long as settings and flags are what they are. */
  NEVER,
  /** It was backed up, and is so no longer: the peer's copy is to be deleted. */
  WITHDRAW
}
