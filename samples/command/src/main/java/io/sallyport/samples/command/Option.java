package io.sallyport.samples.command;

/**
 * One option of a command. Every option takes a value.
 *
 * @param name with its dashes, such as {@code --port}
 * @param placeholder what the help shows in the value's place, such as {@code N}
 * @param meaning half a sentence for the help
 */
public record Option(String name, String placeholder, String meaning) {

    String usage() {
        return name + " " + placeholder;
    }
}
