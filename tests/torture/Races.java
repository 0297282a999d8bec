import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * An approved call against everything that may happen at the same moment: its repetition, a second
 * decision, its withdrawal, a stop, a new policy. One approval is one send, or none.
 */
final class Races {
    private static final String ASK =
            "rules:\n  - {id: ask, effect: require_approval, tools: [\"u/*\"]}\n";
    private static final String ASK_TOO =
            "rules:\n  - {id: ask, effect: require_approval, tools: [\"u/write\", \"u/echo\"]}\n";

    private final World world;
    private final Upstream upstream;
    private final List<Client> callers = new ArrayList<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder twice = new LongAdder();
    private final LongAdder toldWrong = new LongAdder();

    private Races(World world, Upstream upstream) {
        this.world = world;
        this.upstream = upstream;
    }

    static Verdict run(Torture.Scale scale) throws Exception {
        try (var upstream = new Upstream();
                var world = World.start()) {
            return new Races(world, upstream).tortured(scale.cycles(600, 30));
        }
    }

    private Verdict tortured(int rounds) throws Exception {
        world.newTenant("races");
        world.serve("races", "u", upstream, "write");
        world.policy("races", ASK);
        var key = world.newKey("races", "user:ada");
        for (int i = 0; i < 4; i++) {
            callers.add(world.with(key).greet());
        }
        for (int round = 0; round < rounds; round++) {
            race(round, "race-" + round);
        }
        return new Verdict()
                .figure("approvals", rounds)
                .figure("sent", sent.sum())
                .none("sent more than once", twice.sum())
                .none("told otherwise than the upstream saw", toldWrong.sum())
                .none("intents without exactly one outcome", open())
                .none("exit code of verify", world.verify("races"));
    }

    private void race(int round, String text) throws Exception {
        var approval = approvalOf(callers.getFirst().call("u__write", text));
        var racers = new ArrayList<Callable<Client.Reply>>();
        callers.forEach(it -> racers.add(() -> it.call("u__write", text)));
        racers.add(() -> decide(approval, "approve"));
        switch (round % 4) {
            case 0 -> racers.add(() -> decide(approval, "cancel"));
            case 1 -> racers.add(() -> policy(round % 8 == 1 ? ASK_TOO : ASK));
            case 2 -> racers.add(() -> decide(approval, "approve"));
            default -> racers.add(() -> decide(approval, "deny"));
        }
        long completed = atOnce(racers).stream().filter(Client.Reply::isCompleted).count();
        for (var caller : callers) { // what was approved a moment too late for them
            var reply = caller.call("u__write", text);
            completed += reply.isCompleted() ? 1 : 0;
            withdraw(reply);
        }
        int effects = upstream.effects(text);
        sent.add(effects);
        twice.add(effects > 1 ? 1 : 0);
        toldWrong.add(effects != completed ? 1 : 0);
    }

    /** Open approvals are few for each who asks. */
    private void withdraw(Client.Reply reply) {
        var id = reply.json().at("/result/_meta/io.sallyport~1refusal/approvalId").asString("");
        if (!id.isEmpty()) {
            decide(id, "cancel");
        }
    }

    private static String approvalOf(Client.Reply reply) {
        var id = reply.json().at("/result/_meta/io.sallyport~1refusal/approvalId").asString("");
        if (id.isEmpty()) {
            throw new Failure("no approval was asked for: " + reply.body());
        }
        return id;
    }

    private Client.Reply decide(String approval, String verdict) {
        return world.admin("races")
                .post("/admin/v1/approvals/" + approval + "/decision", "{\"decision\":\"" + verdict + "\",\"reason\":\"race\"}");
    }

    private Client.Reply policy(String yaml) {
        return world.admin("races").send("PUT", "/admin/v1/policies/current", "application/yaml", yaml);
    }

    private static List<Client.Reply> atOnce(List<Callable<Client.Reply>> racers) throws Exception {
        var start = new CyclicBarrier(racers.size());
        var replies = new ArrayList<Client.Reply>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Client.Reply>>();
            for (var racer : racers) {
                running.add(threads.submit(() -> {
                    start.await();
                    return racer.call();
                }));
            }
            for (var future : running) {
                replies.add(future.get());
            }
        }
        return replies.stream().filter(it -> it.body().contains("jsonrpc")).toList();
    }

    private long open() {
        return world.database().count(
                "select count(*) from audit_intake i where i.intent_key is not null and not exists (select 1 from"
                        + " audit_intake o where o.outcome_of = i.log || '/' || i.writer || ':' || i.epoch || ':' || i.wseq)");
    }
}
