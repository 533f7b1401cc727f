/**
 * Shows that each rule of the protocol is needed: the library with one rule switched off fails some simulation.
 *
 * <p>A {@link io.understudy.testkit.mutant.Mutant} is a rule and an {@link io.understudy.testkit.mutant.Edit} that
 * drops it. The edit is made while the class is loaded, in a class loader of its own; the shipped code has no switches. {@link
 * io.understudy.testkit.mutant.Mutants} is the list, {@code mutants.tsv} beside it says which seed or scenario catches
 * which mutant, and {@code docs/internals/mutants.md} is made from both. Read {@code Mutants} first.
 *
 * <p>After a change of the library or of the simulation the seeds move: {@link io.understudy.testkit.mutant.MutantSearch}
 * finds them again. How many seeds fail with a mutant, and so whether the draw meets its rule, {@link
 * io.understudy.testkit.mutant.MutantCount} counts.
 */
package io.understudy.testkit.mutant;
