package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * s3cmd, boto3, the aws command line and curl against our gateway; the same over our cluster and
 * over a genuine one.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class S3ClientsContract {
    private Path home;
    private String endpoint;

    /** Starts a cluster and a gateway; returns the gateway's URL. */
    abstract String startGateway(Path directory);

    /** The ceph.conf of the cluster under the gateway. */
    abstract Path conf();

    abstract void stopGateway();

    @BeforeAll
    void start(@TempDir Path directory) {
        home = directory;
        Program.need("s3cmd", "aws", "curl", "/usr/bin/python3");
        endpoint = startGateway(home);
        String user =
                Program.sepiola(
                                "radosgw-admin",
                                "-c",
                                conf(),
                                "user",
                                "create",
                                "--uid=test",
                                "--access-key=test",
                                "--secret=test",
                                "--display-name",
                                "test")
                        .run()
                        .ok();
        assertThat(user).contains("\"user_id\": \"test\"", "\"access_key\": \"test\"");
    }

    @AfterAll
    void stop() {
        stopGateway();
    }

    private Program s3cmd(Object... arguments) {
        String host = endpoint.substring("http://".length());
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "--config=/dev/null",
                                "--no-ssl",
                                "--host=" + host,
                                "--host-bucket=" + host,
                                "--access_key=test",
                                "--secret_key=test"));
        words.addAll(Arrays.asList(arguments));
        return Program.of("s3cmd", words.toArray()).within(Duration.ofMinutes(2));
    }

    private Path randomFile(String name, int size, long seed) throws IOException {
        byte[] data = new byte[size];
        new Random(seed).nextBytes(data);
        return Files.write(home.resolve(name), data);
    }

    @Test
    void s3cmdMakesPutsListsGetsAndDeletes() throws IOException {
        s3cmd("mb", "s3://nano").run().ok();
        Path zeros = Files.write(home.resolve("zeros"), new byte[15 << 20]);
        s3cmd("put", zeros, "s3://nano").run().ok();
        assertThat(s3cmd("ls", "s3://nano").run().ok()).contains("15728640", "s3://nano/zeros");
        Path back = home.resolve("zeros.back");
        s3cmd("get", "s3://nano/zeros", back).run().ok();
        assertThat(Files.mismatch(zeros, back)).isEqualTo(-1);
        assertThat(s3cmd("rb", "s3://nano").run().code()).as("not empty").isNotZero();
        s3cmd("del", "s3://nano/zeros").run().ok();
        assertThat(s3cmd("ls", "s3://nano").run().ok()).isEmpty();
        s3cmd("rb", "s3://nano").run().ok();
        assertThat(s3cmd("ls").run().ok()).doesNotContain("s3://nano");
    }

    @Test
    void botoUploadsPartsFromSixThreads() throws IOException {
        Path file = randomFile("boto", 64 << 20, 6);
        String python =
                """
                import boto3, hashlib, sys, random
                from botocore.config import Config
                from concurrent.futures import ThreadPoolExecutor
                s3 = boto3.client('s3', endpoint_url=sys.argv[1], aws_access_key_id='test',
                    aws_secret_access_key='test', region_name='us-east-1',
                    config=Config(s3={'addressing_style': 'path'}))
                data = open(sys.argv[2], 'rb').read(); n = 6
                s3.create_bucket(Bucket='boto')
                upload = s3.create_multipart_upload(Bucket='boto', Key='big')['UploadId']
                cuts = [len(data) * i // n for i in range(n + 1)]
                def send(i):
                    part = s3.upload_part(Bucket='boto', Key='big', UploadId=upload, PartNumber=i + 1,
                        Body=data[cuts[i]:cuts[i + 1]])
                    return {'PartNumber': i + 1, 'ETag': part['ETag']}
                order = list(range(n)); random.Random(3).shuffle(order)
                with ThreadPoolExecutor(n) as pool: parts = list(pool.map(send, order))
                listed = s3.list_parts(Bucket='boto', Key='big', UploadId=upload)['Parts']
                assert [p['PartNumber'] for p in listed] == list(range(1, n + 1))
                s3.complete_multipart_upload(Bucket='boto', Key='big', UploadId=upload,
                    MultipartUpload={'Parts': sorted(parts, key=lambda p: p['PartNumber'])})
                head = s3.head_object(Bucket='boto', Key='big')
                assert head['ContentLength'] == len(data) and head['ETag'].endswith('-6"'), head
                back = s3.get_object(Bucket='boto', Key='big')['Body'].read()
                assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest()
                some = s3.get_object(Bucket='boto', Key='big', Range='bytes=11000000-11999999')['Body'].read()
                assert some == data[11000000:12000000]
                source = {'Bucket': 'boto', 'Key': 'big'}
                def copy(i):
                    s3.copy_object(Bucket='boto', Key='copy%d' % i, CopySource=source)
                    return s3.get_object(Bucket='boto', Key='copy%d' % i)['Body'].read() == data
                with ThreadPoolExecutor(4) as pool: assert all(pool.map(copy, range(4)))
                upload = s3.create_multipart_upload(Bucket='boto', Key='parts')['UploadId']
                part = s3.upload_part_copy(Bucket='boto', Key='parts', UploadId=upload, PartNumber=1,
                    CopySource=source, CopySourceRange='bytes=1000000-8999999')['CopyPartResult']
                s3.complete_multipart_upload(Bucket='boto', Key='parts', UploadId=upload,
                    MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': part['ETag']}]})
                copied = s3.get_object(Bucket='boto', Key='parts')['Body'].read()
                assert copied == data[1000000:9000000]
                for key in ['big', 'parts'] + ['copy%d' % i for i in range(4)]:
                    s3.delete_object(Bucket='boto', Key=key)
                s3.delete_bucket(Bucket='boto')
                print('equal')
                """;
        String out =
                Program.of("/usr/bin/python3", "-c", python, endpoint, file)
                        .within(Duration.ofMinutes(3))
                        .run()
                        .ok();
        assertThat(out).isEqualTo("equal\n");
    }

    @Test
    void awsCopiesAHundredMebibytesBothWays() throws IOException {
        Path file = randomFile("aws", 100 << 20, 7);
        aws("s3", "mb", "s3://aws");
        aws("s3", "cp", file, "s3://aws/big");
        assertThat(aws("s3", "ls", "s3://aws/")).contains("104857600 big");
        Path back = home.resolve("aws.back");
        aws("s3", "cp", "s3://aws/big", back);
        assertThat(Files.mismatch(file, back)).isEqualTo(-1);
        aws("s3", "rb", "--force", "s3://aws");
        Files.delete(file);
        Files.delete(back);
    }

    private String aws(Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("--endpoint-url", endpoint));
        words.addAll(Arrays.asList(arguments));
        return Program.of("aws", words.toArray())
                .env("AWS_ACCESS_KEY_ID", "test")
                .env("AWS_SECRET_ACCESS_KEY", "test")
                .env("AWS_DEFAULT_REGION", "us-east-1")
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .env("HOME", home.toString())
                .within(Duration.ofMinutes(3))
                .run()
                .ok();
    }

    @Test
    void curlUsesPresignedLinks() throws IOException {
        String python =
                """
                import boto3, sys
                from botocore.config import Config
                s3 = boto3.client('s3', endpoint_url=sys.argv[1], aws_access_key_id='test',
                    aws_secret_access_key='test', region_name='us-east-1',
                    config=Config(signature_version='s3v4', s3={'addressing_style': 'path'}))
                s3.create_bucket(Bucket='links')
                for verb in ('put_object', 'get_object'):
                    print(s3.generate_presigned_url(verb, Params={'Bucket': 'links', 'Key': 'a b+c'}, ExpiresIn=600))
                """;
        List<String> urls =
                Program.of("/usr/bin/python3", "-c", python, endpoint).run().ok().lines().toList();
        Path file = randomFile("curl", 1 << 20, 8);
        Path back = home.resolve("curl.back");
        Program.of("curl", "-sSf", "-T", file, urls.get(0)).run().ok();
        Program.of("curl", "-sSf", "-o", back, urls.get(1)).run().ok();
        assertThat(Files.mismatch(file, back)).isEqualTo(-1);
        String tampered = urls.get(1).replace("X-Amz-Expires=600", "X-Amz-Expires=601");
        String code =
                Program.of("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", tampered)
                        .run()
                        .ok();
        assertThat(code).isEqualTo("403");
    }
}
