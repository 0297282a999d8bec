import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processor time in seconds since they began: of the gateway, its database, A's and B's clients. */
record Cpu(double gateway, double database, double noise, double clients) {
    /** Ticks of /proc a second: USER_HZ, which Linux shows to programs everywhere. */
    private static final double HERTZ = 100;

    static Cpu of(World world, long noise) {
        return new Cpu(
                seconds(List.of(world.pid())),
                seconds(world.database().pids()),
                seconds(List.of(noise)),
                seconds(List.of(ProcessHandle.current().pid())));
    }

    String until(Cpu later) {
        return "CPU s: gateway %.1f, database %.1f, clients of A %.1f, of B %.1f"
                .formatted(
                        later.gateway - gateway,
                        later.database - database,
                        Math.max(0, later.noise - noise),
                        later.clients - clients);
    }

    private static double seconds(List<Long> pids) {
        return pids.stream().mapToDouble(Cpu::seconds).sum();
    }

    /** User and system time, that of ended children included; 0 for a process that is gone. */
    private static double seconds(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Stream.of(11, 12, 13, 14).mapToLong(it -> Long.parseLong(fields[it])).sum() / HERTZ;
        } catch (IOException e) {
            return 0;
        }
    }
}
