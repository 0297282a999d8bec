package io.sallyport.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.catalog.MalformedJson;
import io.sallyport.catalog.StrictJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RpcMessageTest {
    private static RpcMessage read(String json) throws MalformedJson {
        return RpcMessage.read(StrictJson.read(json.replace('\'', '"')));
    }

    /** E1. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {'jsonrpc':'2.0','id':1,'method':'m','params':null}                           | {}
                    {'jsonrpc':'2.0','id':1,'method':'m','params':{'cursor':null}}                | {}
                    {'jsonrpc':'2.0','id':1,'method':'m','result':null,'error':null}              | {}
                    {'jsonrpc':'2.0','id':1,'method':'m','params':{'name':'x','_meta':null}}      | {'name':'x'}
                    {'jsonrpc':'2.0','id':1,'method':'m','params':{'_meta':{'progressToken':null}}}| {'_meta':{}}
                    {'jsonrpc':'2.0','id':1,'method':'m','params':{'context':{'arguments':null}}} | {'context':{}}
                    {'jsonrpc':'2.0','id':1,'method':'m','params':{'capabilities':{'roots':null}}}| {'capabilities':{}}
                    """)
    void nullIsAbsentInTheEnvelopeOfARequest(String json, String params) throws MalformedJson {
        assertThat(read(json)).isInstanceOf(RpcMessage.Request.class);
        assertThat(read(json).params().toString().replace('"', '\'')).isEqualTo(params);
    }

    /** E1. */
    @Test
    void nullIsAbsentInNotificationsAndAnswersToo() throws MalformedJson {
        assertThat(read("{'jsonrpc':'2.0','method':'notifications/initialized','params':null}"))
                .isInstanceOf(RpcMessage.Notification.class);
        assertThat(read("{'jsonrpc':'2.0','id':'a','method':null,'result':{},'error':null}"))
                .isInstanceOf(RpcMessage.Response.class);
        assertThat(read("{'jsonrpc':'2.0','id':'a','result':null,'error':{'code':1}}"))
                .isInstanceOfSatisfying(
                        RpcMessage.Response.class,
                        it -> assertThat(it.message().has("result")).isFalse());
        assertThat(read("{'jsonrpc':'2.0','id':'a','result':null}"))
                .isInstanceOf(RpcMessage.Response.class);
    }

    /** E1. */
    @Test
    void whatAToolIsGivenKeepsItsNulls() throws MalformedJson {
        var json =
                "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':"
                        + "{'name':'x','arguments':{'a':null,'b':[null]}}}";

        assertThat(read(json).params().path("arguments").toString())
                .isEqualTo("{\"a\":null,\"b\":[null]}");
    }

    /** E1. PHP has one value for an empty list and an empty map. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    []                                  | {}
                    {'arguments':[]}                    | {'arguments':{}}
                    {'_meta':[],'capabilities':[]}      | {'_meta':{},'capabilities':{}}
                    {'clientInfo':[],'ref':[]}          | {'clientInfo':{},'ref':{}}
                    {'inputResponses':[]}               | {'inputResponses':{}}
                    {'context':{'arguments':[]}}        | {'context':{'arguments':{}}}
                    {'arguments':{'a':[],'_meta':[]}}   | {'arguments':{'a':[],'_meta':[]}}
                    {'arguments':[[]]}                  | {'arguments':[[]]}
                    {'cursor':[],'name':[]}             | {'cursor':[],'name':[]}
                    {'_meta':{'progressToken':[]}}      | {'_meta':{'progressToken':[]}}
                    """)
    void anEmptyListIsAnEmptyObjectWhereThereIsOne(String params, String read)
            throws MalformedJson {
        for (var id : new String[] {"'id':1,", ""}) {
            var message =
                    read(
                            "{'jsonrpc':'2.0',"
                                    + id
                                    + "'method':'tools/call','params':"
                                    + params
                                    + "}");
            assertThat(message).isNotInstanceOf(RpcMessage.Invalid.class);
            assertThat(message.params().toString().replace('"', '\'')).isEqualTo(read);
        }
    }

    /** E1. */
    @ParameterizedTest
    @ValueSource(strings = {"[[]]", "[{}]", "[null]", "['a']", "''", "0", "false"})
    void everythingElseIsNoParams(String params) throws MalformedJson {
        assertThat(read("{'jsonrpc':'2.0','id':1,'method':'m','params':" + params + "}"))
                .isEqualTo(new RpcMessage.Invalid("params must be an object"));
    }

    /** E1. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "true"})
    void anIdThatIsNoneIsRefused(String id) throws MalformedJson {
        assertThat(read("{'jsonrpc':'2.0','id':" + id + ",'method':'tools/call','params':null}"))
                .isInstanceOf(RpcMessage.Invalid.class);
    }

    /** E3. */
    @ParameterizedTest
    @ValueSource(strings = {"'headers':{}", "'auth':null", "'_meta':{'a':1}", "'timestamp':7"})
    void aFurtherMemberIsTaken(String member) throws MalformedJson {
        assertThat(read("{'jsonrpc':'2.0','id':1,'method':'ping'," + member + "}"))
                .isInstanceOf(RpcMessage.Request.class);
    }

    /** E3. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Method':'tools/call'",
                "'ID':2",
                "'PARAMS':{}",
                "'param\u017f':{}",
                "'result':{}",
                "'error':{'code':1}"
            })
    void whatOthersCouldReadInAnotherWayIsNot(String member) throws MalformedJson {
        assertThat(read("{'jsonrpc':'2.0','id':1,'method':'ping'," + member + "}"))
                .isInstanceOf(RpcMessage.Invalid.class);
    }
}
