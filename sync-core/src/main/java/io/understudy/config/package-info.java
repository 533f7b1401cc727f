/**
 * Settings as immutable values, with their ranges and defaults.
 *
 * <p>{@link io.understudy.config.SyncConfig} holds those of one node. What the settings do is written at each of them; a value out
 * of range fails where it is written. Any thread.
 */
package io.understudy.config;
