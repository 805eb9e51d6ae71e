"""One maker for each kind of resource: CloudFormation properties in, Ref and attributes out."""

import json
from collections.abc import Callable
from typing import Any

from infra.local.tables import make_table

Clients = Callable[[str], Any]
Properties = dict[str, Any]
Attributes = dict[str, str]


def make_queue(aws: Clients, properties: Properties) -> Attributes:
    sqs = aws("sqs")
    name = properties["QueueName"]
    settings = {key: _as_setting(value) for key, value in properties.items() if key in SETTINGS}
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist:
        url = sqs.create_queue(QueueName=name, Attributes=settings)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return {"Ref": url, "QueueUrl": url, "QueueName": name, "Arn": found["QueueArn"]}


SETTINGS = {
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "VisibilityTimeout",
}


def _as_setting(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def make_bucket(aws: Clients, properties: Properties) -> Attributes:
    s3 = aws("s3")
    name = properties["BucketName"]
    if name not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(
            Bucket=name, ObjectLockEnabledForBucket=properties.get("ObjectLockEnabled", False)
        )
        _configure_bucket(s3, name, properties)
    return {"Ref": name, "Arn": f"arn:aws:s3:::{name}", "DomainName": f"{name}.s3.amazonaws.com"}


def _configure_bucket(s3: Any, name: str, properties: Properties) -> None:
    if versioning := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    if block := properties.get("PublicAccessBlockConfiguration"):
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    if lock := properties.get("ObjectLockConfiguration"):
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=_locking(lock))
    if sharing := properties.get("CorsConfiguration"):
        rules = [{CORS_NAMES[key]: rule[key] for key in rule} for rule in sharing["CorsRules"]]
        s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})


def _locking(lock: Properties) -> Properties:
    """Days as a number: where a condition chooses them, the template's reader has their text."""
    kept = lock["Rule"]["DefaultRetention"]
    return {**lock, "Rule": {"DefaultRetention": {**kept, "Days": int(kept["Days"])}}}


CORS_NAMES = {
    "AllowedHeaders": "AllowedHeaders",
    "AllowedMethods": "AllowedMethods",
    "AllowedOrigins": "AllowedOrigins",
    "ExposedHeaders": "ExposeHeaders",
    "Id": "ID",
    "MaxAge": "MaxAgeSeconds",
}


def make_secret(aws: Clients, properties: Properties) -> Attributes:
    secrets = aws("secretsmanager")
    name = properties["Name"]
    try:
        arn = secrets.describe_secret(SecretId=name)["ARN"]
    except secrets.exceptions.ResourceNotFoundException:
        text = properties.get("SecretString") or _generate_secret(secrets, properties)
        arn = secrets.create_secret(Name=name, SecretString=text)["ARN"]
    return {"Ref": arn, "Id": arn}


def _generate_secret(secrets: Any, properties: Properties) -> str:
    wanted = dict(properties["GenerateSecretString"])
    frame = wanted.pop("SecretStringTemplate", None)
    key = wanted.pop("GenerateStringKey", None)
    password = secrets.get_random_password(**wanted)["RandomPassword"]
    return json.dumps(json.loads(frame) | {key: password}) if frame else password


def make_user_pool(aws: Clients, properties: Properties) -> Attributes:
    cognito = aws("cognito-idp")
    name = properties["UserPoolName"]
    pools = cognito.list_user_pools(MaxResults=60)["UserPools"]
    pool_id = next((pool["Id"] for pool in pools if pool["Name"] == name), None)
    if pool_id is None:
        wanted = {key: value for key, value in properties.items() if key in POOL_SETTINGS}
        pool_id = cognito.create_user_pool(PoolName=name, **wanted)["UserPool"]["Id"]
    arn = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Arn"]
    provider = f"cognito-idp.{cognito.meta.region_name}.amazonaws.com/{pool_id}"
    return {"Ref": pool_id, "UserPoolId": pool_id, "Arn": arn, "ProviderName": provider}


POOL_SETTINGS = {
    "AccountRecoverySetting",
    "AdminCreateUserConfig",
    "AutoVerifiedAttributes",
    "MfaConfiguration",
    "Policies",
    "Schema",
    "UsernameAttributes",
    "UsernameConfiguration",
}


def make_user_pool_client(aws: Clients, properties: Properties) -> Attributes:
    cognito = aws("cognito-idp")
    pool = properties["UserPoolId"]
    found = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    name = properties["ClientName"]
    client_id = next((one["ClientId"] for one in found if one["ClientName"] == name), None)
    if client_id is None:
        client_id = cognito.create_user_pool_client(**properties)["UserPoolClient"]["ClientId"]
    return {"Ref": client_id, "ClientId": client_id, "Name": name}


def name_key(aws: Clients, properties: Properties) -> Attributes:
    """A name alone: nothing here is encrypted, and nothing asks for the key."""
    return {"Ref": "not-encrypted", "Arn": "arn:aws:kms:::key/not-encrypted"}


MAKERS: dict[str, Callable[[Clients, Properties], Attributes]] = {
    "AWS::Cognito::UserPool": make_user_pool,
    "AWS::Cognito::UserPoolClient": make_user_pool_client,
    "AWS::DynamoDB::Table": make_table,
    "AWS::KMS::Key": name_key,
    "AWS::S3::Bucket": make_bucket,
    "AWS::SQS::Queue": make_queue,
    "AWS::SecretsManager::Secret": make_secret,
}
