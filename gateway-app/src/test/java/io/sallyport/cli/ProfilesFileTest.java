package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sallyport.bridge.LaunchProfile;
import io.sallyport.servers.Launch;
import io.sallyport.servers.LaunchProfiles;
import io.sallyport.store.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator may write down, and what stops the start. */
class ProfilesFileTest {
    private static final String SECRET = "s3cret-of-the-operator";

    @TempDir Path folder;

    @Test
    void namesExactlyWhatIsStarted() throws IOException {
        var profiles =
                read(
                        """
                        {"profiles": {
                          "files": {"argv": ["/bin/sh", "-c", "a b;$(c)"], "cwd": "/",
                                    "env": {"PATH": "/usr/bin", "_TOKEN": ""}},
                          "bare": {"argv": ["/bin/sh"], "cwd": "/tmp"}}}\
                        """);

        assertThat(profiles.find("files"))
                .isEqualTo(
                        permitted(
                                List.of("/bin/sh", "-c", "a b;$(c)"),
                                "/",
                                Map.of("PATH", "/usr/bin", "_TOKEN", "")));
        assertThat(profiles.find("bare"))
                .isEqualTo(permitted(List.of("/bin/sh"), "/tmp", Map.of()));
        assertThat(profiles.find("else")).isEqualTo(new Launch.Unknown());
        assertThat(new LaunchProfiles.Off().find("files")).isEqualTo(new Launch.Off());
    }

    private static Launch permitted(List<String> argv, String cwd, Map<String, String> env) {
        return new Launch.Permitted(new LaunchProfile(argv, Path.of(cwd), env));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'argv':['sh']                          | argv must be an absolute path",
                "'argv':['./sh']                        | argv must be an absolute path",
                "'argv':[]                              | argv must name a program",
                "'argv':'/bin/sh'                       | argv must be a list",
                "'argv':['/bin/sh',1]                   | argv must hold strings",
                "'argv':['/bin/sh','\\u0000']           | argv must hold strings",
                "'argv':['/bin\\u0000/sh']              | argv must hold strings",
                "'argv':['/no/such/program']            | no executable file",
                "'argv':['/etc/passwd']                 | no executable file",
                "'argv':['/']                           | no executable file",
                "'argv':['/bin/sh'],'env':[]            | env must be an object",
                "'argv':['/bin/sh'],'env':{'A':1}       | env must hold strings",
                "'argv':['/bin/sh'],'env':{'A=B':''}    | none for a variable",
                "'argv':['/bin/sh'],'env':{'':''}       | none for a variable",
                "'argv':['/bin/sh'],'shell':true        | profile p has an unknown member, not one of argv, cwd, env",
            })
    void oneProfileThatCannotBeUsedIsLeftOutWithTheReason(String members, String sentence)
            throws IOException {
        leavesOut("{'profiles':{'p':{'cwd':'/'," + members + "}}}", sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'argv':['/bin/sh']}                         | cwd must hold strings",
                "{'argv':['/bin/sh'],'cwd':'.'}               | cwd must be an absolute path",
                "{'argv':['/bin/sh'],'cwd':'/no/such/folder'} | cwd is no directory",
                "{'argv':['/bin/sh'],'cwd':'/etc/passwd'}     | cwd is no directory",
                "[]                                           | profile p must be an object",
            })
    void aProfileNeedsItsFolder(String profile, String sentence) throws IOException {
        leavesOut("{'profiles':{'p':" + profile + "}}", sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'profiles':{},'profile':{}}       | the file has an unknown member",
                "{}                                 | profiles must be an object",
                "{'profiles':[]}                    | profiles must be an object",
                "{'profiles':{'p':{},'p':{}}}       | duplicate key",
                "{'profiles':{}} {}                 | not valid JSON",
                "profiles: {}                       | not valid JSON",
            })
    void aFileThatIsNotExactlyWhatIsExpectedStopsTheStart(String text, String sentence) {
        refuses(text, sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "", "a b", "a\u202eb", "../sh"})
    void aNameThatIsNoneIsLeftOutToo(String name) throws IOException {
        leavesOut(
                "{'profiles':{'" + name + "':{'argv':['/bin/sh'],'cwd':'/'}}}",
                "name must be 1 to 64");
    }

    @Test
    void aComplaintShowsNoArgumentAndNoVariable() throws IOException {
        leavesOut(
                """
                {'profiles':{'p':{'argv':['/bin/sh','%1$s'],'cwd':'/','env':{'A':'%1$s','B':0}}}}\
                """
                        .formatted(SECRET),
                "env must hold strings");
        leavesOut(
                "{'profiles':{'p':{'argv':['/bin/sh'],'cwd':'/','A=%s':''}}}".formatted(SECRET),
                "profile p has an unknown member");
    }

    /** The others of the file are as good as without it. */
    private void leavesOut(String text, String sentence) throws IOException {
        var good = "'good':{'argv':['/bin/sh'],'cwd':'/'},";
        var all = text.replaceFirst("('profiles':\\{)", "$1" + good).replace('\'', '"');
        var profiles = (LaunchProfiles.OfFile) read(all);

        assertThat(profiles.find("good")).isInstanceOf(Launch.Permitted.class);
        assertThat(profiles.refused().values())
                .singleElement()
                .asString()
                .contains(sentence)
                .doesNotContain(SECRET, "\n");
        assertThat(profiles.find(profiles.refused().firstKey())).isInstanceOf(Launch.Refused.class);
    }

    @Test
    void whatIsReadAgainIsWhatTheFileSaysThen() throws IOException {
        var profiles =
                (LaunchProfiles.OfFile)
                        read(
                                """
                                {"profiles": {
                                  "same": {"argv": ["/bin/sh"], "cwd": "/"},
                                  "edited": {"argv": ["/bin/sh"], "cwd": "/"},
                                  "renewed": {"argv": ["/bin/sh"], "cwd": "/", "env": {"T": "1"}},
                                  "gone": {"argv": ["/bin/sh"], "cwd": "/"}}}\
                                """);
        var edited = digest(profiles, "edited");
        var renewed = digest(profiles, "renewed");
        written(
                """
                {"profiles": {
                  "same": {"argv": ["/bin/sh"], "cwd": "/"},
                  "edited": {"argv": ["/bin/sh", "-x"], "cwd": "/"},
                  "renewed": {"argv": ["/bin/sh"], "cwd": "/", "env": {"T": "2"}},
                  "broken": {"argv": [], "cwd": "/"},
                  "new": {"argv": ["/bin/sh"], "cwd": "/"}}}\
                """);

        var reloaded = (LaunchProfiles.Reloaded.Done) profiles.reload();

        assertThat(reloaded.profiles().stream().map(it -> it.name() + " " + it.change()))
                .containsExactly(
                        "broken ADDED",
                        "edited CHANGED",
                        "gone REMOVED",
                        "new ADDED",
                        "renewed CHANGED",
                        "same UNCHANGED");
        assertThat(digest(profiles, "edited")).isNotEqualTo(edited);
        assertThat(digest(profiles, "renewed")).isEqualTo(renewed);
        assertThat(profiles.find("gone")).isEqualTo(new Launch.Unknown());
        assertThat(profiles.refused()).containsOnlyKeys("broken");
    }

    private static String digest(LaunchProfiles profiles, String name) {
        return ((Launch.Permitted) profiles.find(name)).digest();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'argv':['/bin/sh','-x'],'cwd':'/','env':{'A':'1'}}",
                "{'argv':['/bin/ls'],'cwd':'/','env':{'A':'1'}}",
                "{'argv':['/bin/sh'],'cwd':'/tmp','env':{'A':'1'}}",
                "{'argv':['/bin/sh'],'cwd':'/','env':{'A':'1','B':''}}",
                "{'argv':['/bin/sh'],'cwd':'/'}",
            })
    void theDigestHoldsAllButTheValuesOfVariables(String other) throws IOException {
        var one = "{'argv':['/bin/sh'],'cwd':'/','env':{'A':'1'}}";
        var text = "{'profiles':{'one':" + one + ",'other':" + other + "}}";

        var profiles = read(text.replace('\'', '"'));

        assertThat(digest(profiles, "other")).isNotEqualTo(digest(profiles, "one"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"profiles\":[]}", "{\"profiles\":{},\"more\":1}"})
    void aFileThatCannotBeUsedChangesNothing(String text) throws IOException {
        var good = "{\"profiles\":{\"p\":{\"argv\":[\"/bin/sh\"],\"cwd\":\"/\"}}}";
        var profiles = (LaunchProfiles.OfFile) read(good);
        written(text);

        assertThat(profiles.reload()).isInstanceOf(LaunchProfiles.Reloaded.Failed.class);
        assertThat(profiles.find("p")).isInstanceOf(Launch.Permitted.class);
    }

    private void refuses(String text, String sentence) {
        assertThatThrownBy(() -> read(text.replace('\'', '"')))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("profiles.json")
                .hasMessageNotContainingAny(SECRET, "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw----", "rw----rw-", "-w-----w-"})
    void aFileThatOthersCanWriteIsRefused(String permissions) throws IOException {
        var file = written("{\"profiles\":{}}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> ProfilesFile.read(file))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("can be written by others");
    }

    @Test
    void aFileOfSomebodyElseIsRefused() throws IOException {
        var file = written("{\"profiles\":{}}");
        assumeThat(Files.getAttribute(file, "unix:uid"))
                .as("only root gives files away")
                .isEqualTo(0);
        var users = file.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(file, users.lookupPrincipalByName("nobody"));

        assertThatThrownBy(() -> ProfilesFile.read(file))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("belongs neither to the user");
    }

    @Test
    void aFileThatIsNoneIsRefused() {
        for (var path : List.of(folder, folder.resolve("missing"), Path.of(""))) {
            assertThatThrownBy(() -> ProfilesFile.read(path))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("is not there, or is no file");
        }
    }

    private LaunchProfiles read(String text) throws IOException {
        return ProfilesFile.read(written(text));
    }

    private Path written(String text) throws IOException {
        var file = Files.writeString(folder.resolve("profiles.json"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
