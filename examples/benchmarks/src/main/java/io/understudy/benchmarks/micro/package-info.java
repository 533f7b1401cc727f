/**
 * JMH benchmarks, one class a question; what changes the answer is a parameter.
 *
 * <p>{@code LoadedPair} is what all of them but the codec's set up: a {@link io.understudy.testkit.MemoryPair}, two nodes on one thread over
 * frames that are only copied, with {@code Sessions} that are functions of their number. Run with {@code java -jar
 * examples/benchmarks/target/understudy-benchmarks.jar jmh}.
 */
package io.understudy.benchmarks.micro;
