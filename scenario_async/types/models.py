"""Names of the official package for resources below `client.models`; see `scenario_async.types`."""

from scenario_async.types._parameters import Parameters as DescriptionRetrieveParams
from scenario_async.types._parameters import Parameters as DescriptionUpdateParams
from scenario_async.types._parameters import Parameters as ExampleListParams
from scenario_async.types._parameters import Parameters as ExampleUpdateParams
from scenario_async.types._parameters import Parameters as PresetCreateParams
from scenario_async.types._parameters import Parameters as PresetDeleteParams
from scenario_async.types._parameters import Parameters as PresetListParams
from scenario_async.types._parameters import Parameters as PresetUpdateParams
from scenario_async.types._parameters import Parameters as PromptGuideRetrieveParams
from scenario_async.types._parameters import Parameters as PromptGuideUpdateParams
from scenario_async.types._parameters import Parameters as ScoreRetrievePromptParams
from scenario_async.types._parameters import Parameters as ScoreRetrieveTrainingDatasetParams
from scenario_async.types._parameters import Parameters as TrainActionParams
from scenario_async.types._parameters import Parameters as TrainTriggerParams
from scenario_async.types._parameters import Parameters as TrainingImageAddParams
from scenario_async.types._parameters import Parameters as TrainingImageDeleteParams
from scenario_async.types._parameters import Parameters as TrainingImageReplacePairsParams
from scenario_async.types._parameters import Parameters as TrainingImageReplaceParams
from scenario_async.values.model import ModelResponse as TrainActionResponse
from scenario_async.values.model_example import ModelExamplesResponse as ExampleListResponse
from scenario_async.values.model_example import ModelExamplesResponse as ExampleUpdateResponse
from scenario_async.values.model_example import PresetListResponse
from scenario_async.values.model_example import PresetResponse as PresetCreateResponse
from scenario_async.values.model_example import PresetResponse as PresetUpdateResponse
from scenario_async.values.model_text import ModelDescriptionResponse as DescriptionRetrieveResponse
from scenario_async.values.model_text import ModelDescriptionResponse as DescriptionUpdateResponse
from scenario_async.values.model_text import PromptGuideResponse as PromptGuideRetrieveResponse
from scenario_async.values.model_text import PromptGuideResponse as PromptGuideUpdateResponse
from scenario_async.values.score import DatasetScoreResponse as ScoreRetrieveTrainingDatasetResponse
from scenario_async.values.score import PromptScoreResponse as ScoreRetrievePromptResponse
from scenario_async.values.train import TrainResponse as TrainTriggerResponse
from scenario_async.values.training_image import (
    TrainingImageAddResponse,
    TrainingImageReplacePairsResponse,
)
from scenario_async.values.training_image import TrainingImageAddResponse as TrainingImageReplaceResponse

__all__ = [
    "DescriptionRetrieveParams",
    "DescriptionRetrieveResponse",
    "DescriptionUpdateParams",
    "DescriptionUpdateResponse",
    "ExampleListParams",
    "ExampleListResponse",
    "ExampleUpdateParams",
    "ExampleUpdateResponse",
    "PresetCreateParams",
    "PresetCreateResponse",
    "PresetDeleteParams",
    "PresetListParams",
    "PresetListResponse",
    "PresetUpdateParams",
    "PresetUpdateResponse",
    "PromptGuideRetrieveParams",
    "PromptGuideRetrieveResponse",
    "PromptGuideUpdateParams",
    "PromptGuideUpdateResponse",
    "ScoreRetrievePromptParams",
    "ScoreRetrievePromptResponse",
    "ScoreRetrieveTrainingDatasetParams",
    "ScoreRetrieveTrainingDatasetResponse",
    "TrainActionParams",
    "TrainActionResponse",
    "TrainTriggerParams",
    "TrainTriggerResponse",
    "TrainingImageAddParams",
    "TrainingImageAddResponse",
    "TrainingImageDeleteParams",
    "TrainingImageReplacePairsParams",
    "TrainingImageReplacePairsResponse",
    "TrainingImageReplaceParams",
    "TrainingImageReplaceResponse",
]
