package io.sallyport.chat;

/** What an {@link OddProvider} says, in single quotes. */
final class OddText {
    static final String END = "'delta':{},'finish_reason':'tool_calls'";

    private OddText() {}

    static String fragment(String members) {
        return "'delta':{'tool_calls':[{" + members + "}]}";
    }

    static String function(String members) {
        return "'function':{" + members + "}";
    }

    static String whole(String message, String more) {
        return "{'choices':[{'index':0,'message':{" + message + "}" + more + "}]}";
    }

    static String call(String arguments) {
        return "'tool_calls':[{'id':'a','type':'function','function':{'name':'weather__get_alerts'"
                + arguments
                + "}}]";
    }
}
