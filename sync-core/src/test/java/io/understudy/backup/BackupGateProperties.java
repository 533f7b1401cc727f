package io.understudy.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.understudy.track.SessionEvent;
import io.understudy.track.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class BackupGateProperties {
  private static final int[] PROTOCOLS = {1, 6, 17, 47, 50, 58, 132};
  private static final BackupPolicy[] POLICIES = {
    BackupPolicy.NORMAL, BackupPolicy.QUICK, BackupPolicy.NEVER
  };

  @Property(seed = "301", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void quickModeBacksUpWhateverNormalModeDoes(@ForAll long seed) {
    Random random = new Random(seed);
    BackupGate normal = new BackupGate(BackupConfig.hotStandby());
    BackupGate quick = new BackupGate(BackupConfig.builder().policy(BackupPolicy.QUICK).build());
    BackupQuestion question = question(random);

    boolean inNormal = BackupDecision.isBackUp(normal.decide(question));

    assertTrue(!inNormal || BackupDecision.isBackUp(quick.decide(question)));
  }

  @Property(seed = "302", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void everyAnswerButBackUpHasAReasonOfASession(@ForAll long seed) {
    Random random = new Random(seed);
    BackupGate gate = new BackupGate(config(random));

    long decision = gate.decide(question(random));

    boolean backUp = BackupDecision.isBackUp(decision);
    assertEquals(backUp, BackupDecision.reasonCode(decision) == 0);
    assertTrue(backUp || BackupDecision.reasonCode(decision) <= BackupReason.OVERLOAD.code());
    assertTrue(BackupDecision.lookAgainNs(decision) >= 0);
  }

  @Property(seed = "303", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void whatIsBackedUpIsKeptOrWithdrawnForWhatItIs(@ForAll long seed) {
    Random random = new Random(seed);
    BackupGate gate = new BackupGate(config(random));
    BackupQuestion question = question(random).flags(BackupQuestion.BACKED_UP);

    long decision = gate.decide(question);

    BackupAnswer answer = BackupDecision.answer(decision);
    assertTrue(answer == BackupAnswer.BACK_UP || answer == BackupAnswer.WITHDRAW);
    if (answer == BackupAnswer.WITHDRAW) {
      BackupReason reason = BackupDecision.reason(decision);
      assertTrue(
          switch (reason) {
            case LOCAL_ORIGIN,
                MULTICAST,
                TUNNEL_REESTABLISHED,
                SSL_VPN_SERVICE,
                INSPECTED_PROXY,
                TABLE_NOT_ELIGIBLE ->
                true;
            default -> false;
          });
    }
  }

  @Property(seed = "304", tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void compiledRulesMatchAsTheyRead(@ForAll long seed) {
    Random random = new Random(seed);
    List<BackupRule> rules = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      rules.add(rule(random));
    }
    int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    int[] value = {random.nextInt(3) + 1, random.nextInt(3), random.nextInt(3), random.nextInt(3)};
    int port = random.nextInt(4);
    BackupQuestion question =
        new BackupQuestion().session(protocol, value[0], value[1], port).zones(value[2], value[3]);

    int row = new CompiledRules(rules, BackupPolicy.NORMAL).match(question);

    assertEquals(firstMatch(rules, protocol, value, port), row);
  }

  private static int firstMatch(List<BackupRule> rules, int protocol, int[] value, int port) {
    for (int i = 0; i < rules.size(); i++) {
      BackupRule rule = rules.get(i);
      boolean anyPort = rule.firstPort() == 0 && rule.lastPort() == 0xFFFF;
      boolean named = port > 0 && (protocol == 6 || protocol == 17 || protocol == 132);
      if ((rule.protocol() == BackupRule.ANY || rule.protocol() == protocol)
          && (rule.group() == BackupRule.ANY || rule.group() == value[0])
          && (rule.vsys() == BackupRule.ANY || rule.vsys() == value[1])
          && (rule.ingressZone() == BackupRule.ANY || rule.ingressZone() == value[2])
          && (rule.egressZone() == BackupRule.ANY || rule.egressZone() == value[3])
          && (anyPort || named && rule.firstPort() <= port && port <= rule.lastPort())) {
        return i;
      }
    }
    return rules.size();
  }

  private static BackupRule rule(Random random) {
    BackupRule rule = BackupRule.any(POLICIES[random.nextInt(POLICIES.length)]);
    rule = random.nextInt(3) == 0 ? rule.forGroup(1 + random.nextInt(3)) : rule;
    int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    rule = random.nextInt(3) == 0 ? rule.forProtocol(protocol) : rule;
    rule = random.nextInt(3) == 0 ? rule.forVsys(random.nextInt(3)) : rule;
    rule = random.nextInt(3) == 0 ? rule.forZones(random.nextInt(3), random.nextInt(3)) : rule;
    int first = random.nextInt(3);
    return random.nextInt(3) == 0 ? rule.forPorts(first, first + random.nextInt(3)) : rule;
  }

  private static BackupConfig config(Random random) {
    BackupConfig.Builder builder =
        BackupConfig.builder()
            .policy(POLICIES[random.nextInt(POLICIES.length)])
            .pickup(random.nextInt(4) != 0)
            .connectionless(random.nextBoolean())
            .httpReplication(random.nextBoolean())
            .excludeInspected(random.nextBoolean());
    for (int i = random.nextInt(4); i > 0; i--) {
      builder.rule(rule(random));
    }
    return builder.build();
  }

  private static BackupQuestion question(Random random) {
    int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    SessionState before = SessionState.of(protocol, random.nextInt(1024), random.nextInt(1024));
    SessionState after = SessionState.of(protocol, random.nextInt(1024), random.nextInt(1024));
    SessionEvent[] events = SessionEvent.values();
    return new BackupQuestion()
        .session(protocol, 1 + random.nextInt(3), random.nextInt(3), random.nextInt(100))
        .change(before, events[random.nextInt(events.length)], after)
        .usage(random.nextInt(4), Math.abs(random.nextLong() >>> 20))
        .flags(random.nextInt(4) == 0 ? random.nextInt(64) : 0);
  }
}
