package io.understudy.testkit.mutant;

/**
 * A rule of the protocol switched off.
 *
 * @param name short and unique, for {@code mutants.tsv}
 * @param rule its number in the protocol
 * @param sentence what the rule says
 * @param edit how it is switched off
 */
record Mutant(String name, String rule, String sentence, Edit edit) {}
