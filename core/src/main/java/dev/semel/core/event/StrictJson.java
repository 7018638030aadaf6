package dev.semel.core.event;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Jackson, set up so that an event is read as what it is or not at all. */
final class StrictJson {

    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private StrictJson() {}

    static JsonMapper mapper() {
        return JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .annotationIntrospector(new RequiredComponents())
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                // An upcaster must not lose digits of an amount.
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .withCoercionConfig(LogicalType.Textual, StrictJson::textOnly)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }

    private static void textOnly(MutableCoercionConfig text) {
        text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    /**
     * A component of a record is required unless it says otherwise. Without this, Jackson gives a record whose missing
     * components are null or zero.
     */
    private static final class RequiredComponents extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasRequiredMarker(AnnotatedMember member) {
            return isRequired(member) ? Boolean.TRUE : super.hasRequiredMarker(member);
        }

        @Override
        public JsonSetter.Value findSetterInfo(Annotated annotated) {
            return annotated instanceof AnnotatedMember member && isRequired(member)
                    ? JsonSetter.Value.forValueNulls(Nulls.FAIL, allowsNulls(member) ? Nulls.DEFAULT : Nulls.FAIL)
                    : super.findSetterInfo(annotated);
        }

        /** Whether what a list, or a map as its values, holds may be null. */
        private static boolean allowsNulls(AnnotatedMember member) {
            AnnotatedType type = component(member).getAnnotatedType();
            if (!(type instanceof AnnotatedParameterizedType parameterized)) {
                return false;
            }
            AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
            return isNullable(Stream.of(arguments[arguments.length - 1].getAnnotations()));
        }

        private static boolean isRequired(AnnotatedMember member) {
            if (!(member instanceof AnnotatedParameter parameter)
                    || !parameter.getDeclaringClass().isRecord()
                    || parameter.getOwner().getParameterCount()
                            != parameter.getDeclaringClass().getRecordComponents().length) {
                return false;
            }
            RecordComponent component = component(member);
            return !OPTIONALS.contains(component.getType())
                    && !isNullable(Stream.concat(
                            Stream.of(component.getAnnotations()),
                            Stream.of(component.getAnnotatedType().getAnnotations())));
        }

        private static RecordComponent component(AnnotatedMember member) {
            return member.getDeclaringClass().getRecordComponents()[((AnnotatedParameter) member).getIndex()];
        }

        /** Any annotation of that name, on the component or on its type: JSpecify's, or another library's. */
        private static boolean isNullable(Stream<Annotation> annotations) {
            return annotations
                    .map(Annotation::annotationType)
                    .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
        }
    }
}
