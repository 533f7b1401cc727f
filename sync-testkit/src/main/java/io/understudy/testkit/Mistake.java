package io.understudy.testkit;

/** What a member's administrator wrote wrongly, so that every peer refuses it. */
public enum Mistake {
  NONE,
  CLUSTER,
  HASH_KEY,

  /** The settings of another member, whose node id is then there twice; where the others are is right. */
  NODE_ID
}
