package io.sallyport.samples.hosting;

import io.sallyport.samples.command.Listening;
import java.util.List;
import java.util.Map;

/** A started sample MCP server. Tests ask it what reached it. */
public interface RunningServer extends Listening {

    /**
     * How many {@code tools/call} requests arrived, by the tool they named. Counted on arrival:
     * unknown tools and refused arguments count too. A tool that nobody called is absent.
     */
    Map<String, Integer> calls();

    /** How many {@code tools/call} requests for {@code tool} arrived. */
    default int calls(String tool) {
        return calls().getOrDefault(tool, 0);
    }

    /** The newest requests in order of arrival, at most {@value RequestLog#KEPT}. */
    List<ReceivedRequest> received();
}
