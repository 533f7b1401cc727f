package io.understudy.testkit;

/** What a member's administrator wrote wrongly, so that every peer refuses it. */
public enum Mistake {
  NONE,
  CLUSTER,
  HASH_KEY
}
